#include <gtest/gtest.h>

#include "parse_support.hpp"
#include "tools/clips/clip_check.hpp"
#include "tools/clips/limit_options.hpp"

namespace editprep::tools {
namespace {

using Words = std::vector<std::string>;

const transport::ModelRegistry& models() {
    static const auto registry = transport::ModelRegistry::built_in();
    return registry;
}

ChosenLimits limits_for(const Words& words) {
    LimitGroup group;
    CommandLine line("test", "A test.");
    group.add_to(line);
    line.parse(words);
    return group.limits(models());
}

std::string refusal_of(const Words& words) {
    return refusal(limits_for, words).value_or("accepted");
}

TEST(LimitOptions, TheDefaultIsTheEditModelsOwn) {
    const ChosenLimits limits = limits_for({});
    EXPECT_EQ(limits.clip.model, kDefaultClipModel);
    EXPECT_EQ(limits.clip.containers, (Words{"mp4", "mov"}));
    EXPECT_EQ(limits.clip.codecs, Words{});
    EXPECT_EQ(limits.clip.min_seconds, 3);
    EXPECT_EQ(limits.clip.max_seconds, 10);
    EXPECT_EQ(limits.clip.min_side_px, 720);
    EXPECT_EQ(limits.clip.max_side_px, 2160);
    EXPECT_EQ(limits.clip.max_bytes, 200 << 20);
    EXPECT_EQ(limits.clip.min_fps, std::nullopt);
    EXPECT_FALSE(limits.source.empty());
    EXPECT_EQ(limits.date.size(), 10U);
}

TEST(LimitOptions, EachLimitCanBeReplaced) {
    const video::ClipLimits limits =
        limits_for({"--container", "mkv, .webm",    "--codec",      "H265,vp9",     "--min-seconds",
                    "1",           "--max-seconds", "2.5",          "--min-side",   "16",
                    "--max-side",  "8192",          "--min-pixels", "1000",         "--max-pixels",
                    "9000000000",  "--min-aspect",  "9:16",         "--max-aspect", "2.35",
                    "--min-fps",   "24000/1001",    "--max-fps",    "60",           "--max-mb",
                    "1.5"})
            .clip;
    EXPECT_EQ(limits.containers, (Words{"matroska", "webm"}));
    EXPECT_EQ(limits.codecs, (Words{"hevc", "vp9"}));
    EXPECT_EQ(limits.min_seconds, 1);
    EXPECT_EQ(limits.max_seconds, 2.5);
    EXPECT_EQ(limits.min_side_px, 16);
    EXPECT_EQ(limits.max_side_px, 8192);
    EXPECT_EQ(limits.min_pixels, 1000);
    EXPECT_EQ(limits.max_pixels, 9'000'000'000);
    EXPECT_EQ(limits.min_aspect, 0.5625);
    EXPECT_EQ(limits.max_aspect, 2.35);
    EXPECT_EQ(limits.min_fps, 24000.0 / 1001);
    EXPECT_EQ(limits.max_fps, 60);
    EXPECT_EQ(limits.max_bytes, 1'572'864);
}

TEST(LimitOptions, NoneRemovesALimit) {
    const video::ClipLimits limits =
        limits_for({"--container", "none", "--min-seconds", "none", "--max-mb", "none"}).clip;
    EXPECT_TRUE(limits.containers.empty());
    EXPECT_EQ(limits.min_seconds, std::nullopt);
    EXPECT_EQ(limits.max_bytes, std::nullopt);
    EXPECT_EQ(limits.max_seconds, 10);
}

TEST(LimitOptions, WithoutAModelOnlyTheOptionsHold) {
    const ChosenLimits limits = limits_for({"--model", "none", "--max-side", "1080"});
    EXPECT_EQ(limits.clip.model, "");
    EXPECT_TRUE(limits.clip.containers.empty());
    EXPECT_EQ(limits.clip.max_side_px, 1080);
    EXPECT_EQ(limits.clip.max_seconds, std::nullopt);
    EXPECT_EQ(limits.source, "");
}

TEST(LimitOptions, RepeatedListsAddUpAndRepeatedNumbersReplace) {
    const video::ClipLimits limits = limits_for({"--container", "avi", "--container", "ts",
                                                 "--max-fps", "30", "--max-fps", "25"})
                                         .clip;
    EXPECT_EQ(limits.containers, (Words{"avi", "mpegts"}));
    EXPECT_EQ(limits.max_fps, 25);
}

TEST(LimitOptions, TogetherLimitsComeFromTheModel) {
    const ChosenLimits limits =
        limits_for({"--model", "bytedance/seedance-2.0/reference-to-video"});
    EXPECT_EQ(limits.together.min_seconds, 2);
    EXPECT_EQ(limits.together.max_seconds, 15);
    EXPECT_EQ(limits.together.max_bytes, 50 << 20);
    EXPECT_EQ(limits.clip.min_pixels, 409'600);
    EXPECT_EQ(limits.clip.max_pixels, 927'408);
}

TEST(LimitOptions, TellsWhichModelWasMeant) {
    EXPECT_EQ(refusal_of({"--model", "sora2"}),
              "argument --model: nothing is known of 'sora2'; did you mean sora-2?");
    EXPECT_EQ(refusal_of({"--model", "some/other"}),
              "argument --model: nothing is known of 'some/other'; --list-models of "
              "video_preflight names those that take clips");
    EXPECT_EQ(refusal_of({"--model", "fal-ai/flux/dev"}),
              "argument --model: fal-ai/flux/dev takes no clip; --list-models of video_preflight "
              "names those that do");
}

TEST(LimitOptions, RefusesWhatIsNoLimit) {
    for (const char* const text :
         {"", "x", "-1", "0", "nan", "inf", "1e400", "1:0", "1:", ":1", "1:2:3", "3 s", "None"}) {
        EXPECT_NE(refusal_of({"--max-aspect", text}), "accepted") << text;
        EXPECT_NE(refusal_of({"--max-seconds", text}), "accepted") << text;
        EXPECT_NE(refusal_of({"--max-mb", text}), "accepted") << text;
    }
    for (const char* const text : {"720.5", "3000000000", "0.5"}) {
        EXPECT_EQ(refusal_of({"--max-side", text}), "argument --max-side: invalid limit: '" +
                                                        std::string(text) +
                                                        "' (want a number above 0, or none)");
    }
    EXPECT_EQ(refusal_of({"--container", "gif"}),
              "argument --container: invalid choice: 'gif' (choose from mp4, mov, webm, matroska, "
              "avi, mpegts, none)");
    for (const char* const text : {"", ",", "mp4,none"}) {
        EXPECT_EQ(refusal_of({"--container", text}),
                  "argument --container: invalid list: '" + std::string(text) + "'");
    }
}

TEST(LimitOptions, RefusesLimitsWithNothingBetweenThem) {
    EXPECT_EQ(refusal_of({"--min-seconds", "11"}),
              "the limits of the duration leave nothing between them; give both, or none for one");
    EXPECT_EQ(refusal_of({"--min-seconds", "11", "--max-seconds", "none"}), "accepted");
    EXPECT_NE(refusal_of({"--min-side", "3000"}), "accepted");
    EXPECT_NE(refusal_of({"--min-fps", "60", "--max-fps", "30"}), "accepted");
}

}  // namespace
}  // namespace editprep::tools
