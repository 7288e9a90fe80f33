#include "editprep/imaging/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace editprep::imaging {
namespace {

TEST(Error, ShowsItsSentenceAndKeepsTheParts) {
    const Error error(Errc::file_not_found, "image not found: a.png", "a.png", "check the path");
    EXPECT_STREQ(error.what(), "image not found: a.png");
    EXPECT_EQ(error.subject(), "a.png");
    EXPECT_EQ(error.next_step(), "check the path");
    EXPECT_EQ(error.errc(), Errc::file_not_found);
}

TEST(Error, MapsToStandardConditions) {
    const auto code = [](Errc errc) { return make_error_code(errc); };
    EXPECT_EQ(code(Errc::file_not_found), std::errc::no_such_file_or_directory);
    EXPECT_EQ(code(Errc::file_exists), std::errc::file_exists);
    EXPECT_EQ(code(Errc::invalid_region), std::errc::invalid_argument);
    EXPECT_EQ(code(Errc::unsupported_format), std::errc::not_supported);
    EXPECT_NE(code(Errc::damaged_image), std::errc::invalid_argument);
}

TEST(Error, EveryCodeHasItsOwnSentence) {
    std::set<std::string> sentences;
    const int last = static_cast<int>(Errc::module_unavailable);
    for (int code = 1; code <= last; ++code) {
        sentences.insert(imaging_category().message(code));
    }
    EXPECT_EQ(sentences.size(), static_cast<std::size_t>(last));
    EXPECT_EQ(sentences.count("unknown error"), 0U);
    EXPECT_EQ(imaging_category().message(last + 1), "unknown error");
}

}  // namespace
}  // namespace editprep::imaging
