#include "tools/remote/fal_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "editprep/transport/data_uri.hpp"
#include "fal_support.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::RecordedRequest;
using testing::Reply;
using testing::TempFolder;
using testing::TestServer;
using transport::FieldType;
using transport::FileKind;
using transport::Model;

const std::string kPngStart("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29);

Model edit_model() {
    Model model;
    model.id = "fal-ai/some/edit";
    model.fields = {
        {.name = "prompt"},
        {.name = "image_url", .file = FileKind::image},
        {.name = "image_urls", .type = FieldType::array, .file = FileKind::image},
        {.name = "video_url", .file = FileKind::video, .max_mb = 1},
    };
    return model;
}

Reply answer_upload(const TestServer* server, const RecordedRequest& request) {
    if (request.method == "PUT") {
        return {};
    }
    return {.body = R"({"file_url":"https://cdn.example/f.png","upload_url":")" + server->url() +
                    R"(/put?sig=1"})"};
}

/// A server that takes uploads.
struct UploadSetup {
    TestServer server{
        [this](const RecordedRequest& request) { return answer_upload(&server, request); }};
    FalSetup fal{server.url()};

    [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
        const auto path = fal.folder / name;
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }
};

std::string sent(const FalInput& input) {
    const auto body = input.body();
    std::string text(body->size_bytes(), '\0');
    std::size_t size = 0;
    while (const std::size_t count =
               body->read(std::as_writable_bytes(std::span(text)).subspan(size))) {
        size += count;
    }
    EXPECT_EQ(size, text.size());
    return text;
}

TEST(FalInput, ASmallFileTravelsInside) {
    UploadSetup setup;
    FalInput input(Json{{"prompt", "p"}, {"image_url", setup.file("a.txt", kPngStart)}});
    const Model model = edit_model();
    input.place_local_files(setup.fal.fal, &model);

    const Json body = Json::parse(sent(input));
    const auto content = transport::parse_data_uri(body["image_url"].get<std::string>());
    EXPECT_EQ(content.media_type, "image/png");
    EXPECT_EQ(content.content.size(), kPngStart.size());
    EXPECT_TRUE(setup.server.requests().empty());
}

TEST(FalInput, FilesOfNestedObjectsGoWithTheInputToo) {
    UploadSetup setup;
    Model model = edit_model();
    model.fields.push_back(
        {.name = "elements",
         .type = FieldType::array,
         .item_type = FieldType::object,
         .members = {
             {.name = "frontal_image_url", .file = FileKind::image},
             {.name = "reference_image_urls", .type = FieldType::array, .file = FileKind::image}}});
    const std::string path = setup.file("a.png", kPngStart);
    FalInput input(Json{{"elements",
                         {{{"frontal_image_url", path}, {"reference_image_urls", {path, path}}},
                          {{"frontal_image_url", "https://cdn.example/b.png"}}}}});
    input.place_local_files(setup.fal.fal, &model);

    const std::string shown = input.redacted_json();
    EXPECT_THAT(shown, Not(HasSubstr(path)));
    EXPECT_THAT(shown, HasSubstr("https://cdn.example/b.png"));
    const Json first = Json::parse(shown)["elements"][0];
    EXPECT_THAT(first["frontal_image_url"].get<std::string>(), HasSubstr("data:image/png"));
    EXPECT_EQ(first["reference_image_urls"][1], first["frontal_image_url"]);
}

TEST(FalInput, ALargeFileIsUploadedFirst) {
    UploadSetup setup;
    const std::string content = kPngStart + std::string(300 << 10, 'x');
    FalInput input(Json{{"image_urls", {setup.file("a.png", content), "https://a.example/b.png"}}});
    const Model model = edit_model();
    input.place_local_files(setup.fal.fal, &model);

    EXPECT_EQ(sent(input),
              R"({"image_urls":["https://cdn.example/f.png","https://a.example/b.png"]})");
    const auto requests = setup.server.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_THAT(requests[0].body, HasSubstr(R"("file_name":"a.png")"));
    EXPECT_EQ(requests[1].body, content);
    EXPECT_FALSE(requests[1].has_header("Authorization"));
}

TEST(FalInput, WhatIsNoFileStays) {
    UploadSetup setup;
    const Json values{{"prompt", setup.file("a.png", kPngStart)},
                      {"image_url", "no/such/file.png"},
                      {"image_urls", {"data:image/png;base64,AAAA", 3, nullptr}},
                      {"video_url", setup.fal.folder.path().string()}};
    FalInput input(values);
    const Model model = edit_model();
    input.place_local_files(setup.fal.fal, &model);
    EXPECT_EQ(input.values(), values);
    input.place_local_files(setup.fal.fal, nullptr);
    EXPECT_EQ(input.values(), values);
}

std::string refusal_of(const Json& values) {
    UploadSetup setup;
    FalInput input(values);
    const Model model = edit_model();
    try {
        input.place_local_files(setup.fal.fal, &model);
    } catch (const Failure& failure) {
        EXPECT_TRUE(setup.server.requests().empty());
        return failure.what();
    }
    return "accepted";
}

TEST(FalInput, RefusesFilesThatAreSomethingElse) {
    const UploadSetup setup;
    EXPECT_THAT(refusal_of({{"video_url", setup.file("clip.mp4", kPngStart)}}),
                HasSubstr("is of type image/png, wanted is video"));
    EXPECT_THAT(refusal_of({{"image_url", setup.file("a.png", "plain text")}}),
                HasSubstr("is of type application/octet-stream, wanted is image"));
}

TEST(FalInput, RefusesFilesAboveTheFieldsLimit) {
    const UploadSetup setup;
    const std::string start(
        "\0\0\0\x18"
        "ftypisom\0\0\0\0isommp42",
        24);
    const std::string path = setup.file("clip.mp4", start + std::string((1 << 20) - 23, 'x'));
    EXPECT_THAT(refusal_of({{"video_url", path}}),
                HasSubstr("has 1048577 bytes, more than the model's limit of 1048576"));
}

TEST(FalInput, SendsUnfitFilesWhenAskedTo) {
    const UploadSetup setup;
    const std::string path = setup.file("clip.mp4", std::string((1 << 20) + 1, 'x'));
    FalInput input(Json{{"video_url", path}, {"image_url", setup.file("a.png", "text")}});
    const Model model = edit_model();
    input.describe_local_files(&model, kInlineLimitBytes, UnfitFiles::sent);
    EXPECT_THAT(input.redacted_json(), HasSubstr("application/octet-stream, 1048577 bytes"));
}

TEST(FalInput, ShowsFilesByWhatTheyAreOnly) {
    const UploadSetup setup;
    FalInput input(Json{{"image_url", setup.file("a.png", kPngStart)},
                        {"image_urls",
                         {"data:image/png;base64,iVBORw0KGgo=",
                          setup.file("big.png", kPngStart + std::string(300 << 10, 'x'))}}});
    const Model model = edit_model();
    input.describe_local_files(&model);
    const std::string shown = input.redacted_json();
    EXPECT_THAT(shown, HasSubstr(R"("image_url":"data:image/png;base64,... (29 bytes, sha256 )"));
    EXPECT_THAT(shown, HasSubstr("(8 bytes, sha256 "));
    EXPECT_THAT(shown, MatchesRegex(".*<URL of .*/big.png, uploaded: image/png, 307229 bytes>.*"));
    EXPECT_THAT(shown, Not(HasSubstr("iVBORw0KGgo")));
    EXPECT_TRUE(setup.server.requests().empty());
}

TEST(FalInput, IsValidatedWithTheTypesOfItsFiles) {
    const UploadSetup setup;
    const std::string path = setup.file("a.jpg", kPngStart);
    const FalInput input(Json{{"prompt", path}, {"image_url", path}, {"image_urls", {"none"}}});
    const Model model = edit_model();
    const Json seen = Json::parse(input.json_to_validate(&model));
    EXPECT_EQ(seen["prompt"], path);
    EXPECT_EQ(seen["image_url"], "data:image/png;base64,AAAA");
    EXPECT_EQ(seen["image_urls"][0], "none");
    EXPECT_EQ(input.values()["image_url"], path);
}

TEST(FalInput, LeavesClipsToWhoLooksIntoThem) {
    const UploadSetup setup;
    const FalInput input(Json{{"video_url", setup.file("a.mp4", kPngStart)}});
    const Model model = edit_model();
    EXPECT_EQ(Json::parse(input.json_to_validate(&model))["video_url"],
              "data:application/octet-stream;base64,AAAA");
    std::vector<std::string> seen;
    input.visit_local_files(
        &model, [&](const transport::ModelField& field, const std::string& path) {
            seen.push_back(field.name + ' ' + std::filesystem::path(path).filename().string());
        });
    EXPECT_EQ(seen, std::vector<std::string>{"video_url a.mp4"});
}

}  // namespace
}  // namespace editprep::tools
