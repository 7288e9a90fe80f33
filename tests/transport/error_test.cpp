#include "editprep/transport/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace editprep::transport {
namespace {

TEST(TransportError, EveryCodeHasAMessageOfItsOwn) {
    std::set<std::string> messages;
    for (int code = 1; code <= static_cast<int>(Errc::job_exists); ++code) {
        const std::error_code error(code, transport_category());
        EXPECT_NE(error.message(), "unknown error") << code;
        EXPECT_TRUE(messages.insert(error.message()).second) << error.message();
    }
    EXPECT_EQ(std::error_code(999, transport_category()).message(), "unknown error");
    EXPECT_STREQ(transport_category().name(), "editprep.transport");
}

TEST(TransportError, CodesMapToStandardConditions) {
    EXPECT_EQ(std::error_code(Errc::invalid_base64), std::errc::bad_message);
    EXPECT_EQ(std::error_code(Errc::connection_lost), std::errc::connection_aborted);
    EXPECT_EQ(std::error_code(Errc::timed_out), std::errc::timed_out);
    EXPECT_EQ(std::error_code(Errc::address_refused), std::errc::permission_denied);
    EXPECT_EQ(std::error_code(Errc::write_failed), std::errc::io_error);
}

TEST(TransportError, WhatWasNeverSentWasNeverReceived) {
    for (const Errc code :
         {Errc::connection_failed, Errc::tls_failed, Errc::insecure_url, Errc::address_refused,
          Errc::invalid_argument, Errc::cancelled_unsent}) {
        EXPECT_FALSE(may_have_been_received(code)) << std::error_code(code).message();
    }
    for (const Errc code : {Errc::connection_lost, Errc::timed_out, Errc::cancelled,
                            Errc::too_large, Errc::invalid_response}) {
        EXPECT_TRUE(may_have_been_received(code)) << std::error_code(code).message();
    }
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
