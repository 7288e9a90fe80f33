#include "tools/clips/clip_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "clip_maker.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "temp_folder.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_clip;
using testing::TempFolder;

const transport::ModelRegistry& models() {
    static const auto registry = transport::ModelRegistry::built_in();
    return registry;
}

constexpr const char* kEdit = "fal-ai/kling-video/o3/pro/video-to-video/edit";
constexpr const char* kReferences = "bytedance/seedance-2.0/reference-to-video";

/// Clips that are made once for all tests.
class ClipCheck : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        video::set_module_folder(EDITPREP_MODULE_FOLDER);
        folder_ = std::make_unique<TempFolder>();
        const auto make = [](const char* size, int seconds, const char* name) {
            make_clip("-f lavfi -i color=size=" + std::string(size) + ":rate=2:duration=" +
                          std::to_string(seconds) + " -c:v libx264 -preset ultrafast",
                      path(name));
        };
        make("1280x720", 4, "fits.mp4");
        make("640x360", 12, "small.mkv");
        make("832x640", 6, "six.mp4");
        make("832x640", 1, "one.mp4");
        std::ofstream(path("text.mp4")) << "no clip\n";
    }
    static void TearDownTestSuite() { folder_.reset(); }

    static std::string path(const std::string& name) { return (*folder_ / name).string(); }

    static transport::Validation check(const std::string& model, const Json& input) {
        transport::Validation found;
        check_clips(FalInput(input), models().find(model), found);
        return found;
    }

    static std::string data_uri(const std::string& name) {
        std::ifstream file(path(name), std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        return transport::to_data_uri(std::as_bytes(std::span(content.view())), "video/mp4");
    }

private:
    inline static std::unique_ptr<TempFolder> folder_;
};

TEST_F(ClipCheck, FindsAModelsFieldForClips) {
    EXPECT_EQ(clip_field(*models().find(kEdit))->name, "video_url");
    EXPECT_EQ(clip_field(*models().find(kReferences))->name, "video_urls");
    EXPECT_EQ(clip_field(*models().find("sora-2"))->name, "video");
    EXPECT_EQ(clip_field(*models().find("fal-ai/flux/dev")), nullptr);
    transport::Model two;
    two.fields = {{.name = "first", .file = transport::FileKind::video},
                  {.name = "video_url", .file = transport::FileKind::video}};
    EXPECT_EQ(clip_field(two)->name, "video_url");
}

TEST_F(ClipCheck, TurnsAFieldIntoLimits) {
    const transport::ModelField field{.name = "v",
                                      .formats = {".mp4", ".m4v", ".mov", ".mkv", ".ts", ".odd"},
                                      .max_mb = 0.3,
                                      .min_pixels = 5,
                                      .max_total_mb = 2};
    transport::Model model;
    model.id = "a/b";
    const video::ClipLimits limits = limits_of(model, field);
    EXPECT_EQ(limits.model, "a/b");
    EXPECT_EQ(limits.containers, (Texts{"mp4", "mov", "matroska", "mpegts", ".odd"}));
    EXPECT_EQ(limits.max_bytes, 314'572);
    EXPECT_EQ(limits.min_pixels, 5);
    EXPECT_EQ(limits.max_seconds, std::nullopt);
    EXPECT_EQ(joint_limits_of(field).max_bytes, 2 << 20);
}

TEST_F(ClipCheck, AcceptsAClipThatFits) {
    const ClipVerdict verdict = check_clip(
        path("fits.mp4"), limits_of(*models().find(kEdit), *clip_field(*models().find(kEdit))));
    EXPECT_TRUE(verdict.accepted());
    EXPECT_EQ(verdict.path, path("fits.mp4"));
    EXPECT_EQ(verdict.info.display_size.width, 1280);
    EXPECT_THROW(static_cast<void>(check_clip(path("text.mp4"), {})), video::Error);
    EXPECT_THROW(static_cast<void>(check_clip(path("none.mp4"), {})), video::Error);
    const auto found = check(kEdit, {{"prompt", "p"}, {"video_url", path("fits.mp4")}});
    EXPECT_THAT(found.errors, IsEmpty());
    EXPECT_THAT(found.warnings, IsEmpty());
}

TEST_F(ClipCheck, TellsEverythingAtOnceWithFieldAndFile) {
    const std::string clip = path("small.mkv");
    const auto found = check(kEdit, {{"video_url", clip}});
    const std::string start = "video_url: " + clip + ": ";
    EXPECT_THAT(found.errors,
                ElementsAre(HasSubstr(start + "container matroska, limit mp4 or mov"),
                            HasSubstr(start + "duration 12 s, limit at most 10 s"),
                            HasSubstr(start + "width 640 px, limit at least 720 px"),
                            HasSubstr(start + "height 360 px, limit at least 720 px")));
}

TEST_F(ClipCheck, AFileThatIsNoClipIsAnError) {
    const auto found = check(kEdit, {{"video_url", path("text.mp4")}});
    ASSERT_EQ(found.errors.size(), 1U);
    EXPECT_TRUE(found.errors[0].starts_with("video_url: ")) << found.errors[0];
    EXPECT_THAT(found.errors[0], HasSubstr(path("text.mp4")));
}

TEST_F(ClipCheck, LooksIntoDataUris) {
    EXPECT_THAT(check(kEdit, {{"video_url", data_uri("fits.mp4")}}).errors, IsEmpty());
    const auto found = check(kEdit, {{"video_url", data_uri("one.mp4")}});
    EXPECT_THAT(found.errors, ElementsAre(HasSubstr("video_url: the clip in it: duration 1 s"),
                                          HasSubstr("video_url: the clip in it: height 640 px")));
    EXPECT_EQ(check(kEdit, {{"video_url", "data:video/mp4;base64,AAAA"}}).errors.size(), 1U);
    EXPECT_THAT(check(kEdit, {{"video_url", "data:broken"}}).errors, IsEmpty())
        << "validate_input tells";
}

TEST_F(ClipCheck, WhatCannotBeLookedAtIsNoFinding) {
    EXPECT_THAT(check(kEdit, {{"video_url", "https://example.com/v.mkv"}}).errors, IsEmpty());
    EXPECT_THAT(check(kEdit, {{"prompt", path("text.mp4")}}).errors, IsEmpty());
    EXPECT_THAT(check(kEdit, {{"video_url", 5}, {"image_urls", {path("text.mp4")}}}).errors,
                IsEmpty());
    EXPECT_THAT(check("some/other", {{"video_url", path("text.mp4")}}).errors, IsEmpty());
}

TEST_F(ClipCheck, HoldsTheClipsOfAFieldTogether) {
    const std::string six = path("six.mp4");
    const std::string one = path("one.mp4");
    EXPECT_THAT(check(kReferences, {{"video_urls", {six, six}}}).errors, IsEmpty());
    EXPECT_THAT(check(kReferences, {{"video_urls", {six, six, six}}}).errors,
                ElementsAre(HasSubstr("video_urls: duration 18 s together, limit at most 15 s")));
    EXPECT_THAT(check(kReferences, {{"video_urls", {six, six, data_uri("six.mp4")}}}).errors,
                ElementsAre(HasSubstr("18 s together")));
    EXPECT_THAT(check(kReferences, {{"video_urls", {one}}}).errors,
                ElementsAre(HasSubstr("video_urls: duration 1 s together, limit at least 2 s")));
    EXPECT_THAT(check(kReferences, {{"video_urls", {one, "https://example.com/v.mp4"}}}).errors,
                IsEmpty());
}

}  // namespace
}  // namespace editprep::tools
