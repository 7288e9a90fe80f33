#include "tools/shared/words.hpp"

#include <gtest/gtest.h>

namespace editprep::tools {
namespace {

TEST(LowerCase, ChangesLettersOfAsciiOnly) {
    EXPECT_EQ(lower_case("AZaz[@ \xC3\x84"), "azaz[@ \xC3\x84");
    EXPECT_EQ(lower_case(""), "");
}

TEST(Trimmed, TakesBlanksFromBothEnds) {
    EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
    EXPECT_EQ(trimmed(" \n"), "");
    EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace editprep::tools
