#include "editprep/video/error.hpp"

#include <gtest/gtest.h>

namespace editprep::video {
namespace {

constexpr Errc kAll[] = {Errc::file_not_found,    Errc::file_unreadable, Errc::unsupported_format,
                         Errc::damaged_media,     Errc::no_video,        Errc::too_complex,
                         Errc::invalid_argument,  Errc::cannot_conform,  Errc::decode_failed,
                         Errc::file_exists,       Errc::write_failed,    Errc::cancelled,
                         Errc::module_unavailable};

TEST(VideoError, EveryCodeHasAMessageAndAStandardCondition) {
    for (const Errc code : kAll) {
        const std::error_code error = code;
        EXPECT_NE(error.message(), "unknown error");
        EXPECT_EQ(error.default_error_condition().category(), std::generic_category());
        EXPECT_STREQ(error.category().name(), "editprep.video");
    }
    EXPECT_EQ(std::error_code(Errc::damaged_media), std::errc::bad_message);
    EXPECT_EQ(std::error_code(999, video_category()).message(), "unknown error");
}

TEST(VideoError, IsAStandardErrorThatKeepsSubjectAndNextStep) {
    try {
        throw Error(Errc::no_video, "No such thing: x", "x", "Name another");
    } catch (const std::system_error& caught) {
        const auto& error = dynamic_cast<const Error&>(caught);
        EXPECT_STREQ(caught.what(), "No such thing: x");
        EXPECT_EQ(caught.code(), std::errc::invalid_argument);
        EXPECT_EQ(error.errc(), Errc::no_video);
        EXPECT_EQ(error.subject(), "x");
        EXPECT_EQ(error.next_step(), "Name another");
    }
}

}  // namespace
}  // namespace editprep::video
