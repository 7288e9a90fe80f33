#include "editprep/transport/body_source.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>

#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using editprep::testing::RecordedPart;
using editprep::testing::RecordedRequest;
using editprep::testing::TempFolder;

/// Everything from where the body stands, read in pieces of that length.
std::string rest_of(const Body& body, std::size_t piece_length) {
    std::string text;
    std::vector<std::byte> piece(piece_length);
    while (const std::size_t count = body->read(piece)) {
        text.append(reinterpret_cast<const char*>(piece.data()), count);
    }
    return text;
}

/// Reads the body in several ways, which must agree with each other and with its length.
std::string text_of(const Body& body) {
    body->rewind();
    const std::string text = rest_of(body, 1 << 20);
    EXPECT_EQ(text.size(), body->size_bytes());
    for (const std::size_t piece_length : {1U, 2U, 3U, 5U, 7U, 64U, 4096U}) {
        body->rewind();
        EXPECT_TRUE(rest_of(body, piece_length) == text) << "in pieces of " << piece_length;
    }
    body->rewind();
    std::vector<std::byte> some(text.size() / 2);
    static_cast<void>(body->read(some));
    body->rewind();
    EXPECT_TRUE(rest_of(body, 1000) == text) << "after a rewind half-way";
    return text;
}

std::string random_text(std::size_t size, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::string text(size, '\0');
    std::ranges::generate(text, [&] { return static_cast<char>(random() & 0xFF); });
    return text;
}

std::string write_file(const TempFolder& folder, const std::string& content) {
    const std::string path = (folder / "content").string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

Errc refusal_of(const std::function<void()>& work) {
    try {
        work();
        return Errc{};
    } catch (const Error& error) {
        return error.errc();
    }
}

TEST(BodySource, HoldsTextAndBytes) {
    EXPECT_EQ(text_of(text_body("")), "");
    EXPECT_EQ(text_of(text_body("hello")), "hello");
    EXPECT_EQ(text_of(bytes_body({std::byte{0}, std::byte{255}})), std::string("\0\xFF", 2));
}

TEST(BodySource, ReadsFilesAndTheirParts) {
    const TempFolder folder;
    const std::string content = random_text(10'000);
    const std::string path = write_file(folder, content);
    EXPECT_TRUE(text_of(file_body(path)) == content);
    EXPECT_TRUE(text_of(file_body(path, 4000)) == content.substr(4000));
    EXPECT_TRUE(text_of(file_body(path, 4000, 100)) == content.substr(4000, 100));
    EXPECT_TRUE(text_of(file_body(path, 9990, 100)) == content.substr(9990));
    EXPECT_EQ(text_of(file_body(path, 10'000)), "");
    EXPECT_EQ(text_of(file_body(path, UINT64_MAX)), "");
    EXPECT_EQ(text_of(file_body(path, 5, 0)), "");
}

TEST(BodySource, RefusesWhatIsNoPlainFile) {
    const TempFolder folder;
    const std::string pipe = (folder / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    for (const std::string& path : {(folder / "absent").string(), folder.path().string(), pipe,
                                    std::string("/dev/zero"), std::string()}) {
        EXPECT_EQ(refusal_of([&] { return file_body(path); }), Errc::read_failed) << path;
    }
}

TEST(BodySource, NoticesThatAFileChangesItsLength) {
    const TempFolder folder;
    for (const std::uintmax_t length : {0U, 10U, 5'000U, 20'000U}) {
        const std::string path = write_file(folder, random_text(10'000));
        const Body body = file_body(path);
        std::vector<std::byte> piece(1000);
        EXPECT_EQ(body->read(piece), piece.size());
        std::filesystem::resize_file(path, length);
        EXPECT_EQ(refusal_of([&] { rest_of(body, 1000); }), Errc::read_failed) << length;
    }
}

TEST(BodySource, MakesDataUrisOfEveryLength) {
    for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 5U, 49'151U, 49'152U, 49'153U, 200'000U}) {
        const std::string content = random_text(size);
        const std::string text = text_of(data_uri_body(text_body(content), "image/png"));
        EXPECT_TRUE(text == to_data_uri(std::as_bytes(std::span(content)), "image/png")) << size;
    }
    const TempFolder folder;
    const std::string content = random_text(100'000);
    const std::string path = write_file(folder, content);
    EXPECT_TRUE(text_of(data_uri_body(file_body(path), "image/webp")) ==
                to_data_uri(std::as_bytes(std::span(content)), "image/webp"));
}

TEST(BodySource, JoinsInOrder) {
    EXPECT_EQ(text_of(joined_body({})), "");
    EXPECT_EQ(text_of(joined_body({text_body("a"), text_body(""), text_body("bc")})), "abc");
    const Body shared = text_body("xy");
    EXPECT_EQ(text_of(joined_body({shared, text_body("-"), shared, shared})), "xy-xyxy");
    EXPECT_EQ(text_of(joined_body({data_uri_body(shared, "a/b"), data_uri_body(shared, "a/b")})),
              "data:a/b;base64,eHk=data:a/b;base64,eHk=");
}

TEST(BodySource, TokensAreUnlikeEachOther) {
    std::set<std::string> tokens;
    for (int i = 0; i < 100; ++i) {
        tokens.insert(new_inline_token());
    }
    EXPECT_EQ(tokens.size(), 100U);
    EXPECT_EQ(tokens.begin()->find_first_of("\"\\ "), std::string::npos);
}

TEST(BodySource, PutsFilesIntoJson) {
    const std::string first = new_inline_token();
    const std::string second = new_inline_token();
    const std::string json = R"({"b":")" + second + R"(","a":[")" + first + R"("],"n":1})";
    const Body content = text_body("foo");
    EXPECT_EQ(text_of(json_body(json, {{first, content, "image/png"}, {second, content, "a/b"}})),
              R"({"b":"data:a/b;base64,Zm9v","a":["data:image/png;base64,Zm9v"],"n":1})");
    EXPECT_EQ(text_of(json_body("{}", {})), "{}");
    EXPECT_EQ(text_of(json_body(first, {{first, content, "a/b"}})), "data:a/b;base64,Zm9v");
}

TEST(BodySource, RefusesTokensThatAreNotThereOnce) {
    const Body content = text_body("foo");
    const auto refusal = [&](const std::string& json, const std::string& token,
                             const std::string& media_type = "a/b") {
        return refusal_of([&] { return json_body(json, {{token, content, media_type}}); });
    };
    EXPECT_EQ(refusal("{}", "token"), Errc::invalid_argument);
    EXPECT_EQ(refusal("[\"token\",\"token\"]", "token"), Errc::invalid_argument);
    EXPECT_EQ(refusal("[\"aaa\"]", "aa"), Errc::invalid_argument);
    EXPECT_EQ(refusal("[]", ""), Errc::invalid_argument);
    EXPECT_EQ(refusal("[\"token\"]", "token", "a/b\",\"x\":\""), Errc::invalid_argument);
    EXPECT_EQ(
        refusal_of([&] {
            return json_body("[\"token\"]", {{"token", content, "a/b"}, {"ken", content, "a/b"}});
        }),
        Errc::invalid_argument);
}

TEST(BodySource, MakesForms) {
    const std::string picture = random_text(5000);
    const FormBody form = form_body({{.name = "model", .content = text_body("gpt-image-1")},
                                     {.name = "image[]",
                                      .content = text_body(picture),
                                      .file_name = "a \"b\"\r\n.png",
                                      .media_type = "image/png"},
                                     {.name = "prompt", .content = text_body("--x\r\n\r\n")},
                                     {.name = "n", .content = text_body("")}});
    const RecordedRequest request{.method = "POST",
                                  .target = "/",
                                  .headers = {{"Content-Type", form.content_type}},
                                  .body = text_of(form.body)};
    const std::vector<RecordedPart> parts = parts_of(request);
    ASSERT_EQ(parts.size(), 4U);
    EXPECT_EQ(parts[0].name, "model");
    EXPECT_EQ(parts[0].content, "gpt-image-1");
    EXPECT_EQ(parts[0].media_type, "");
    EXPECT_EQ(parts[1].name, "image[]");
    EXPECT_EQ(parts[1].file_name, "a %22b%22%0D%0A.png");
    EXPECT_EQ(parts[1].media_type, "image/png");
    EXPECT_TRUE(parts[1].content == picture);
    EXPECT_EQ(parts[2].content, "--x\r\n\r\n");
    EXPECT_EQ(parts[3].content, "");
    EXPECT_NE(form.content_type, form_body({}).content_type);
}

TEST(BodySource, FormsRefuseHeadersInDisguise) {
    EXPECT_EQ(refusal_of([] {
                  return form_body({{.name = "a",
                                     .content = text_body("b"),
                                     .file_name = "c",
                                     .media_type = "image/png\r\nX-Other: 1"}});
              }),
              Errc::invalid_argument);
}

}  // namespace
}  // namespace editprep::transport
