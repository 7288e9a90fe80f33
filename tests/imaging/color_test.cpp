#include <gtest/gtest.h>

#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

TEST(ParseColor, ReadsSixAndEightDigits) {
    EXPECT_EQ(parse_color("#102030"), (Color{16, 32, 48, 255}));
    EXPECT_EQ(parse_color("#10203040"), (Color{16, 32, 48, 64}));
    EXPECT_EQ(parse_color("  #FFffFf\t"), (Color{255, 255, 255, 255}));
}

TEST(ParseColor, RefusesEverythingElse) {
    for (const char* text : {"", "#", "red", "102030", "#12345", "#1234567", "#123456789",
                             "#12 456", "#-12345", "#+1+2+3", "#zzzzzz", "#12345g", "#1234 678"}) {
        try {
            (void)parse_color(text);
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_color);
            EXPECT_EQ(error.subject(), text);
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
