#include "editprep/transport/data_uri.hpp"

#include <gtest/gtest.h>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

std::vector<std::byte> bytes(std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

Errc refusal_of(std::string_view text) {
    try {
        static_cast<void>(parse_data_uri(text));
    } catch (const Error& error) {
        return error.errc();
    }
    ADD_FAILURE() << "was accepted: " << text;
    return {};
}

TEST(DataUri, IsWrittenInOneForm) {
    EXPECT_EQ(to_data_uri(bytes("foobar"), "image/png"), "data:image/png;base64,Zm9vYmFy");
    EXPECT_EQ(to_data_uri({}, "video/mp4"), "data:video/mp4;base64,");
    EXPECT_EQ(to_data_uri(bytes("f"), "text/plain;charset=utf-8"),
              "data:text/plain;charset=utf-8;base64,Zg==");
}

TEST(DataUri, ComesBackAsItWas) {
    std::vector<std::byte> content;
    for (int value = 0; value < 256; ++value) {
        content.push_back(static_cast<std::byte>(value));
        const DataUri read = parse_data_uri(to_data_uri(content, "image/webp"));
        EXPECT_EQ(read.media_type, "image/webp");
        EXPECT_EQ(read.content, content);
    }
}

TEST(DataUri, NeedsAMediaTypeThatCannotBreakTheHeader) {
    for (const std::string_view type : {"", "image", "image/", "/png", "image/png,x", "image/p ng",
                                        "image/png;", "image/png;a", "a/b\n", "a/b/c"}) {
        EXPECT_THROW(static_cast<void>(to_data_uri({}, type)), Error) << type;
    }
}

/// RFC 2397, section 4, and what its section 2 leaves out.
TEST(DataUri, TakesPercentEncodedTextAndDefaults) {
    const DataUri note = parse_data_uri("data:,A%20brief%20note");
    EXPECT_EQ(note.media_type, "text/plain;charset=US-ASCII");
    EXPECT_EQ(note.content, bytes("A brief note"));

    const DataUri greek = parse_data_uri("data:text/plain;charset=iso-8859-7,%be%D0");
    EXPECT_EQ(greek.media_type, "text/plain;charset=iso-8859-7");
    EXPECT_EQ(greek.content, bytes("\xBE\xD0"));

    EXPECT_EQ(parse_data_uri("data:;charset=utf-8,x").media_type, "text/plain;charset=utf-8");
    EXPECT_EQ(parse_data_uri("data:;base64,Zg==").media_type, "text/plain;charset=US-ASCII");
    EXPECT_TRUE(parse_data_uri("data:,").content.empty());
}

TEST(DataUri, ReadsBase64AsItIsFoundInTheWild) {
    EXPECT_EQ(parse_data_uri("DATA:image/png;BASE64,Zm9v").content, bytes("foo"));
    EXPECT_EQ(parse_data_uri("data:image/png;base64,Zm9v%0AYg%3D%3D").content, bytes("foob"));
    EXPECT_EQ(parse_data_uri("data:image/png;base64,Zm9v\r\nYg").content, bytes("foob"));
    EXPECT_EQ(parse_data_uri("data:image/png;name=a;base64,Zm9v").media_type, "image/png;name=a");
}

TEST(DataUri, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "d", "data", "data:", "data:image/png;base64", "https://example.org/a,b",
          "data:image/png;base64,Z", "data:image/png;base64,Zg==!", "data:,100%", "data:,%4",
          "data:,%zz", "data:image png,x", "data:base64,Zg=="}) {
        EXPECT_EQ(refusal_of(text), Errc::invalid_data_uri) << text;
    }
}

TEST(DataUri, IsToldByItsScheme) {
    EXPECT_TRUE(is_data_uri("data:"));
    EXPECT_TRUE(is_data_uri("Data:anything"));
    EXPECT_FALSE(is_data_uri(" data:,"));
    EXPECT_FALSE(is_data_uri("dat"));
}

}  // namespace
}  // namespace editprep::transport
