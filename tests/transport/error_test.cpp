#include "editprep/transport/error.hpp"

#include <gtest/gtest.h>

namespace editprep::transport {
namespace {

constexpr Errc kAll[] = {Errc::invalid_argument, Errc::invalid_base64, Errc::invalid_data_uri};

TEST(TransportError, EveryCodeHasAMessageAndAStandardCondition) {
    for (const Errc code : kAll) {
        const std::error_code error = code;
        EXPECT_NE(error.message(), "unknown error");
        EXPECT_EQ(error.default_error_condition().category(), std::generic_category());
        EXPECT_STREQ(error.category().name(), "editprep.transport");
    }
    EXPECT_EQ(std::error_code(Errc::invalid_base64), std::errc::bad_message);
    EXPECT_EQ(std::error_code(999, transport_category()).message(), "unknown error");
}

TEST(TransportError, IsAStandardErrorThatKeepsSubjectAndNextStep) {
    try {
        throw Error(Errc::invalid_argument, "No such thing: x", "x", "Name another");
    } catch (const std::system_error& caught) {
        const auto& error = dynamic_cast<const Error&>(caught);
        EXPECT_STREQ(caught.what(), "No such thing: x");
        EXPECT_EQ(caught.code(), std::errc::invalid_argument);
        EXPECT_EQ(error.errc(), Errc::invalid_argument);
        EXPECT_EQ(error.subject(), "x");
        EXPECT_EQ(error.next_step(), "Name another");
    }
}

}  // namespace
}  // namespace editprep::transport
