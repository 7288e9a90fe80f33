#include "editprep/transport/media_type.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

namespace editprep::transport {
namespace {

using namespace std::string_literals;

std::string_view type_of(const std::string& content) {
    return media_type_of(std::as_bytes(std::span(content)));
}

/// A `ftyp` box with a major brand and compatible brands.
std::string ftyp(const std::string& major, const std::string& compatible = "") {
    const auto size = static_cast<char>(16 + compatible.size());
    return "\0\0\0"s + size + "ftyp" + major + "\0\0\0\0"s + compatible + "\0\0\0\x08mdat"s;
}

/// An EBML header with a version before the DocType, as muxers write it.
std::string ebml(const std::string& doc_type) {
    const std::string body =
        "\x42\x86\x81\x01\x42\x82"s + static_cast<char>(0x80 + doc_type.size()) + doc_type;
    return "\x1A\x45\xDF\xA3"s + "\x01\0\0\0\0\0\0"s + static_cast<char>(body.size()) + body;
}

struct Case {
    std::string content;
    std::string_view media_type;
};

TEST(MediaType, IsToldFromContent) {
    const Case cases[] = {
        {"\x89PNG\r\n\x1A\n", "image/png"},
        {"\xFF\xD8\xFF\xE0", "image/jpeg"},
        {"RIFF\x10\0\0\0WEBPVP8 "s, "image/webp"},
        {"GIF87a", "image/gif"},
        {"GIF89a", "image/gif"},
        {"II*\0\x08\0\0\0"s, "image/tiff"},
        {"MM\0*\0\0\0\x08"s, "image/tiff"},
        {"II+\0\x08\0\0\0"s, "image/tiff"},
        {ftyp("avif", "mif1miaf"), "image/avif"},
        {ftyp("mif1", "miafavif"), "image/avif"},
        {ftyp("heic", "mif1"), "image/heic"},
        {ftyp("mif1", "miafheic"), "image/heic"},
        {ftyp("mif1", "miaf"), "image/heif"},
        {ftyp("isom", "isomiso2avc1mp41"), "video/mp4"},
        {ftyp("mp42"), "video/mp4"},
        {ftyp("M4V "), "video/mp4"},
        {ftyp("M4A "), "audio/mp4"},
        {ftyp("qt  ", "qt  "), "video/quicktime"},
        {"\0\0\0\x08wide\0\0\x10\0mdat"s, "video/quicktime"},
        {ebml("webm"), "video/webm"},
        {ebml("matroska"), "video/x-matroska"},
        {"RIFF\x10\0\0\0AVI LIST"s, "video/x-msvideo"},
        {"RIFF\x10\0\0\0WAVEfmt "s, "audio/wav"},
        {"ID3\x04\0\0\0\0\0\0"s, "audio/mpeg"},
        {"\xFF\xFB\x90\x64"s, "audio/mpeg"},
        {"\xFF\xF1\x50\x80"s, "audio/aac"},
        {"OggS\0\x02"s, "audio/ogg"},
        {"fLaC\0\0\0\x22"s, "audio/flac"},
        {"\0\0\0\x0CJXL \r\n\x87\n"s, "image/jxl"},
        {"\xFF\x0A\xFA\x1F"s, "image/jxl"},
        {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0"s, "image/bmp"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(type_of(c.content), c.media_type) << testing::PrintToString(c.content);
    }
}

TEST(MediaType, IsUnknownForEverythingElse) {
    for (const std::string& content :
         {""s, "x"s, "hello, world, this is text"s, "\x89PNG"s, "\xFF\xD8"s, "RIFF\x10\0\0\0ACON"s,
          "RIFF\x10\0\0\0WEB"s, "\0\0\0\x08"s + "ftyp" + "mp42", ebml("other"), ebml(""),
          "\x1A\x45\xDF\xA3"s, "\x1A\x45\xDF\xA3\x01"s, "\x1A\x45\xDF\xA3\0"s, "<svg></svg>"s,
          "BM is how this text begins, as it happens"s, "ID3 of what"s, "\xFF\xFF\xFF\xFF"s,
          "\xFF\xFE<\0h\0"s}) {
        EXPECT_EQ(type_of(content), kUnknownMediaType) << testing::PrintToString(content);
    }
}

TEST(PageType, IsToldFromHowATextBegins) {
    const auto page_type = [](const std::string& content) {
        return page_type_of(std::as_bytes(std::span(content)));
    };
    for (const char* html : {"<!DOCTYPE html><html>", "\xEF\xBB\xBF\n <html lang=en>", "<HEAD>",
                             "<body>x", "<script>", "<!-- made by hand -->\n<!doctype HTML>"}) {
        EXPECT_EQ(page_type(html), "text/html") << html;
    }
    for (const char* json : {"{\"error\":1}", " {\n \"a\"", "{}", "[]", "[{", "[\"x\"]", "[[1]]"}) {
        EXPECT_EQ(page_type(json), "application/json") << json;
    }
    for (const char* other : {"", "  ", "{", "[Script Info]", "{x", "html", "<svg>", "<!-- cut",
                              "<!-- drawn --><svg>", "<?xml version=\"1.0\"?><svg>", "GIF89a"}) {
        EXPECT_EQ(page_type(other), kUnknownMediaType) << other;
    }
}

/// Cut anywhere, a file is either told as before or not at all.
TEST(MediaType, NeverTurnsIntoAnotherTypeWhenCutShort) {
    for (const std::string& content : {ebml("webm"), ebml("matroska"), ftyp("avif", "mif1")}) {
        const std::string_view whole = type_of(content);
        for (std::size_t length = 0; length < content.size(); ++length) {
            const std::string_view part = type_of(content.substr(0, length));
            EXPECT_TRUE(part == whole || part == kUnknownMediaType) << part;
        }
    }
}

TEST(MediaType, SurvivesRandomBytesBehindAKnownBeginning) {
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string content = round % 2 == 0 ? ebml("webm") : ftyp("mif1", "miafavif");
        for (int i = 0; i < 3; ++i) {
            content[4 + random() % (content.size() - 4)] = static_cast<char>(random() & 0xFF);
        }
        content.resize(4 + random() % (content.size() - 4));
        EXPECT_NE(type_of(content).find('/'), std::string_view::npos);
    }
}

}  // namespace
}  // namespace editprep::transport
