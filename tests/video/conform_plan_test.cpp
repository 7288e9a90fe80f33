#include "conform_plan.hpp"

#include <gtest/gtest.h>

#include <string>

#include "editprep/video/error.hpp"

/// Decisions from facts alone: no file is touched.
namespace editprep::video {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Those of Kling's O1 edit models.
ClipLimits kling() {
    return {.model = "kling",
            .containers = {"mp4", "mov"},
            .min_seconds = 3,
            .max_seconds = 10.05,
            .min_side_px = 720,
            .max_side_px = 2160,
            .min_fps = 24,
            .max_fps = 60,
            .max_bytes = 200 << 20};
}

/// A clip that they take.
MediaInfo fitting_clip() {
    MediaInfo clip;
    clip.container = "mp4";
    clip.duration = milliseconds(5000);
    clip.coded_size = clip.display_size = {1280, 720};
    clip.frame_rate = clip.nominal_frame_rate = FrameRate{25, 1};
    clip.variable_frame_rate = false;
    clip.codec = "h264";
    clip.has_audio = true;
    clip.audio_codec = "aac";
    clip.video_stream_count = clip.audio_stream_count = 1;
    clip.file_size_bytes = 5'000'000;
    return clip;
}

ConformPlan plan_for(const MediaInfo& clip, const ClipLimits& limits = kling(),
                     const ConformOptions& options = {}, const char* output = "out") {
    return make_plan(clip, limits, options, output);
}

std::string refusal_of(const MediaInfo& clip, const ClipLimits& limits = kling(),
                       const ConformOptions& options = {}) {
    try {
        static_cast<void>(plan_for(clip, limits, options));
    } catch (const Error& error) {
        return std::string(error.code().message()) + " | " + error.what() + " | " +
               error.next_step();
    }
    return "accepted";
}

TEST(ConformPlan, CopiesAClipThatFits) {
    EXPECT_TRUE(plan_for(fitting_clip()).as_it_is);
    EXPECT_TRUE(plan_for(fitting_clip(), {}).as_it_is);
    MediaInfo odd = fitting_clip();
    odd.container = "avi";
    odd.codec = "mpeg4";
    EXPECT_TRUE(plan_for(odd, {}).as_it_is) << "without limits everything fits";
}

TEST(ConformPlan, ChoosesTheContainer) {
    MediaInfo clip = fitting_clip();
    clip.container = "matroska";
    EXPECT_EQ(plan_for(clip).container, "mp4");
    EXPECT_EQ(plan_for(clip, kling(), {}, "out.MOV").container, "mov");
    EXPECT_EQ(plan_for(clip, kling(), {}, "out.mkv").container, "mp4");
    ClipLimits only_mov = kling();
    only_mov.containers = {"mov"};
    EXPECT_EQ(plan_for(clip, only_mov, {}, "out.mp4").container, "mov");
    clip.container = "mov";
    EXPECT_TRUE(plan_for(clip).as_it_is);
    const ConformPlan renamed = plan_for(clip, kling(), {}, "out.mp4");
    EXPECT_FALSE(renamed.as_it_is) << "a file named .mp4 should be one";
    EXPECT_EQ(renamed.container, "mp4");
    EXPECT_FALSE(renamed.encode_video || renamed.encode_audio);
    ClipLimits only_webm = kling();
    only_webm.containers = {"webm"};
    EXPECT_NE(refusal_of(clip, only_webm).find("MP4 and QuickTime are not accepted"),
              std::string::npos);
}

struct StreamCase {
    const char* container;
    const char* codec;
    const char* audio_codec;
    const char* output;
    bool encode_video;
    bool encode_audio;
};

TEST(ConformPlan, CopiesTheStreamsThatTheContainerTakes) {
    for (const StreamCase& c :
         {StreamCase{"matroska", "h264", "aac", "a.mp4", false, false},
          StreamCase{"matroska", "hevc", "ac3", "a.mp4", false, false},
          StreamCase{"webm", "vp9", "opus", "a.mp4", false, true},
          StreamCase{"webm", "av1", "vorbis", "a.mp4", false, true},
          StreamCase{"webm", "vp8", "vorbis", "a.mp4", true, true},
          StreamCase{"webm", "vp9", "opus", "a.mov", true, true},
          StreamCase{"mov", "prores", "pcm_s16le", "a.mp4", true, true},
          StreamCase{"matroska", "prores", "pcm_s16le", "a.mov", false, false},
          StreamCase{"avi", "mpeg4", "mp3", "a.mp4", true, false},
          StreamCase{"mpegts", "h264", "aac_latm", "a.mp4", false, true}}) {
        SCOPED_TRACE(std::string(c.container) + ' ' + c.codec + ' ' + c.output);
        MediaInfo clip = fitting_clip();
        clip.container = c.container;
        clip.codec = c.codec;
        clip.audio_codec = c.audio_codec;
        const ConformPlan plan = plan_for(clip, kling(), {}, c.output);
        EXPECT_EQ(plan.encode_video, c.encode_video);
        EXPECT_EQ(plan.encode_audio, c.encode_audio);
    }
}

TEST(ConformPlan, CutsToWholeSecondsWhereTheLimitIsAllowance) {
    MediaInfo clip = fitting_clip();
    clip.duration = milliseconds(14'000);
    EXPECT_EQ(plan_for(clip).length, milliseconds(10'000));
    EXPECT_FALSE(plan_for(clip).encode_video);
    ClipLimits half = kling();
    half.max_seconds = 7.5;
    EXPECT_EQ(plan_for(clip, half).length, milliseconds(7500));
    clip.duration = milliseconds(10'050);
    EXPECT_TRUE(plan_for(clip).as_it_is);
    clip.duration = microseconds(10'050'001);
    EXPECT_EQ(plan_for(clip).length, milliseconds(10'000));
}

TEST(ConformPlan, BeginsWhereItIsToldTo) {
    MediaInfo clip = fitting_clip();
    clip.duration = milliseconds(14'000);
    ConformOptions options{.start = milliseconds(6000)};
    EXPECT_EQ(plan_for(clip, kling(), options).start, milliseconds(6000));
    EXPECT_FALSE(plan_for(clip, kling(), options).length);
    EXPECT_TRUE(plan_for(clip, kling(), options).encode_video);
    options.start = milliseconds(11'500);
    EXPECT_NE(refusal_of(clip, kling(), options).find("begin earlier"), std::string::npos);
    options.start = milliseconds(14'000);
    EXPECT_NE(refusal_of(clip, kling(), options).find("beyond the end"), std::string::npos);
    options.start = milliseconds(-1);
    EXPECT_NE(refusal_of(clip, kling(), options), "accepted");
}

TEST(ConformPlan, RefusesAClipThatIsTooShort) {
    MediaInfo clip = fitting_clip();
    clip.duration = milliseconds(2990);
    EXPECT_NE(refusal_of(clip).find("it lasts 2.99 s, and at least 3 s are needed"),
              std::string::npos)
        << refusal_of(clip);
}

struct SizeCase {
    FrameSize displayed;
    FrameSize result;
};

TEST(ConformPlan, ScalesIntoBothBounds) {
    for (const SizeCase& c :
         {SizeCase{{3840, 2160}, {2160, 1214}}, SizeCase{{640, 360}, {1280, 720}},
          SizeCase{{2160, 3840}, {1214, 2160}}, SizeCase{{719, 719}, {720, 720}},
          SizeCase{{2161, 1081}, {2160, 1080}}}) {
        MediaInfo clip = fitting_clip();
        clip.coded_size = clip.display_size = c.displayed;
        const ConformPlan plan = plan_for(clip);
        EXPECT_TRUE(plan.encode_video);
        EXPECT_EQ(plan.size, c.result) << plan.size.width << 'x' << plan.size.height;
        EXPECT_EQ(plan.canvas, plan.size);
    }
}

TEST(ConformPlan, PadsOnlyWhenAllowed) {
    MediaInfo clip = fitting_clip();
    clip.coded_size = clip.display_size = {1600, 400};
    const std::string refusal = refusal_of(clip);
    EXPECT_NE(refusal.find("1600x400"), std::string::npos) << refusal;
    EXPECT_NE(refusal.find("720 to 2160 px"), std::string::npos) << refusal;
    EXPECT_NE(refusal.find("crop"), std::string::npos) << refusal;

    for (const FrameSize displayed : {FrameSize{1600, 400}, FrameSize{300, 4000}}) {
        clip.display_size = displayed;
        const ConformPlan plan = plan_for(clip, kling(), {.pad = true});
        EXPECT_GE(std::min(plan.canvas.width, plan.canvas.height), 720);
        EXPECT_LE(std::max(plan.canvas.width, plan.canvas.height), 2160);
        EXPECT_LE(plan.size.width, plan.canvas.width);
        EXPECT_LE(plan.size.height, plan.canvas.height);
        EXPECT_NEAR(static_cast<double>(plan.size.width) / plan.size.height,
                    static_cast<double>(displayed.width) / displayed.height,
                    0.01 * displayed.width / displayed.height);
    }
}

struct RateCase {
    FrameRate rate;
    double least;
    double largest;
    FrameRate result;
};

TEST(ConformPlan, BringsTheFrameRateIntoRange) {
    for (const RateCase& c :
         {RateCase{{24000, 1001}, 24, 60, {24, 1}}, RateCase{{120, 1}, 24, 60, {120, 2}},
          RateCase{{60000, 1001}, 24, 30, {60000, 2002}}, RateCase{{15, 1}, 24, 60, {30, 1}},
          RateCase{{10, 1}, 24, 60, {30, 1}}, RateCase{{20, 1}, 24, 60, {24, 1}},
          RateCase{{61, 1}, 24, 60, {60, 1}}, RateCase{{60, 1}, 20, 25, {60, 3}},
          RateCase{{60, 1}, 25, 29.97, {30000, 1001}}}) {
        MediaInfo clip = fitting_clip();
        clip.frame_rate = clip.nominal_frame_rate = c.rate;
        ClipLimits limits = kling();
        limits.min_fps = c.least;
        limits.max_fps = c.largest;
        const ConformPlan plan = plan_for(clip, limits);
        EXPECT_TRUE(plan.encode_video);
        ASSERT_TRUE(plan.frame_rate);
        EXPECT_DOUBLE_EQ(plan.frame_rate->per_second(), c.result.per_second())
            << c.rate.per_second() << " into " << c.least << " to " << c.largest;
    }
}

TEST(ConformPlan, KeepsVariableFramesUnlessTheRateIsLimited) {
    MediaInfo clip = fitting_clip();
    clip.display_size = {640, 360};
    clip.variable_frame_rate = true;
    EXPECT_TRUE(plan_for(clip).frame_rate);
    ClipLimits any_rate = kling();
    any_rate.min_fps.reset();
    any_rate.max_fps.reset();
    EXPECT_FALSE(plan_for(clip, any_rate).frame_rate);
}

TEST(ConformPlan, SpendsTheBytesThatThereAre) {
    MediaInfo clip = fitting_clip();
    clip.duration = milliseconds(10'000);
    clip.file_size_bytes = std::int64_t{300} << 20;
    const ConformPlan plan = plan_for(clip);
    EXPECT_TRUE(plan.encode_video);
    ASSERT_TRUE(plan.max_video_bits_per_second);
    const double bytes = static_cast<double>(*plan.max_video_bits_per_second) * 10 / 8;
    EXPECT_LT(bytes, 200 << 20);
    EXPECT_GT(bytes, 180 << 20);

    clip.duration = milliseconds(40'000);
    EXPECT_FALSE(plan_for(clip).encode_video) << "a quarter of it is small enough";

    ClipLimits tiny = kling();
    tiny.max_bytes = 20'000;
    EXPECT_NE(refusal_of(clip, tiny).find("no watchable clip"), std::string::npos);
}

TEST(ConformPlan, ReencodesAsH264AloneWhereThatIsAccepted) {
    MediaInfo clip = fitting_clip();
    ClipLimits limits = kling();
    limits.codecs = {"h264"};
    clip.codec = "hevc";
    EXPECT_TRUE(plan_for(clip, limits).encode_video);
    clip.codec = "h264";
    limits.codecs = {"av1"};
    EXPECT_NE(refusal_of(clip, limits).find("H.264 is not accepted"), std::string::npos);
}

TEST(ConformPlan, TellsTheChangesInOrder) {
    MediaInfo clip = fitting_clip();
    clip.container = "matroska";
    clip.codec = "hevc";
    clip.audio_codec = "flac";
    clip.duration = milliseconds(14'000);
    clip.coded_size = clip.display_size = {2160, 3840};
    clip.mirrored = true;
    clip.rotation_degrees = 90;
    clip.frame_rate = clip.nominal_frame_rate = FrameRate{120, 1};
    clip.dynamic_range = DynamicRange::hlg;
    const ConformPlan plan = plan_for(clip);
    const auto changes = describe_changes(clip, foretold(clip, plan), plan,
                                          {.damaged_packets = 3, .dropped_subtitle_streams = 1});
    std::string story;
    for (const Change& change : changes) {
        story += change.what + ": " + change.text + '\n';
    }
    EXPECT_EQ(story,
              "container: changed from matroska to mp4\n"
              "duration: trimmed from 14 s to 10 s\n"
              "size: scaled from 2160x3840 to 1214x2160\n"
              "rotation: left and right exchanged, as players show it\n"
              "rotation: turned upright, by 90 degrees clockwise\n"
              "frame_rate: changed from 120 fps to 60 fps\n"
              "colour: high dynamic range (HLG) mapped to BT.709\n"
              "codec: video re-encoded from hevc to h264\n"
              "codec: sound re-encoded from flac to aac\n"
              "streams: left out: 1 subtitle track\n"
              "damage: 3 damaged packets could not be decoded and are missing or patched\n");
}

TEST(ConformPlan, TellsOfACutOnlyWhereSomethingWasCut) {
    MediaInfo clip = fitting_clip();
    clip.duration = std::nullopt;
    MediaInfo after = fitting_clip();
    after.duration = milliseconds(4040);
    const ConformPlan plan = plan_for(clip);
    const auto told = [&](std::optional<bool> cut) {
        const auto changes = describe_changes(clip, after, plan, {.cut = cut});
        return changes.empty() ? "" : changes.front().text;
    };
    EXPECT_EQ(told(false), "");
    EXPECT_EQ(told(true), "trimmed from an unknown duration to 4.04 s");
    EXPECT_EQ(told({}), "trimmed to 10 s if it is longer");
}

}  // namespace
}  // namespace editprep::video
