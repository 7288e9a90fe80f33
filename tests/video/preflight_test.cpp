#include "editprep/video/preflight.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace editprep::video {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kMegabyte = 1024 * 1024;

/// Fits both sets of limits with room on every side.
MediaInfo good_clip() {
    MediaInfo clip;
    clip.container = "mp4";
    clip.duration = microseconds(5'000'000);
    clip.coded_size = {1280, 720};
    clip.display_size = {1280, 720};
    clip.frame_rate = FrameRate{30, 1};
    clip.variable_frame_rate = false;
    clip.codec = "h264";
    clip.video_stream_count = 1;
    clip.file_size_bytes = 10 * kMegabyte;
    return clip;
}

/// Shaped like those of a model that edits clips.
ClipLimits edit_limits() {
    ClipLimits limits;
    limits.model = "owner/app/edit";
    limits.containers = {"mp4", "mov"};
    limits.min_seconds = 3;
    limits.max_seconds = 10.05;
    limits.min_side_px = 720;
    limits.max_side_px = 2160;
    limits.min_fps = 24;
    limits.max_fps = 60;
    limits.max_bytes = 200 * kMegabyte;
    return limits;
}

std::string joined(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        text += std::string(name_of(finding.severity)) + " " + finding.text() + "\n";
    }
    return text;
}

std::string verdict(const MediaInfo& clip, const ClipLimits& limits = edit_limits()) {
    return joined(preflight(clip, limits));
}

/// `error`, `warning` or nothing: of findings that are one at most.
std::string severity_of(const std::vector<Finding>& findings, Check check) {
    EXPECT_LE(findings.size(), 1U) << joined(findings);
    if (findings.empty()) {
        return "";
    }
    EXPECT_EQ(findings.front().check, check) << joined(findings);
    return name_of(findings.front().severity);
}

TEST(Preflight, FindsNothingWrongWithAClipThatFits) {
    EXPECT_EQ(verdict(good_clip()), "");
    EXPECT_EQ(verdict(good_clip(), {}), "");
    EXPECT_EQ(verdict({}, {}), "");
}

TEST(Preflight, HoldsDurationsToTheMicrosecond) {
    struct Case {
        std::int64_t duration;
        double least;
        double largest;
        const char* severity;
    };
    for (const Case& c : {
             Case{3'000'000, 3, 10.05, ""},         Case{2'999'999, 3, 10.05, "error"},
             Case{3'000'001, 3, 10.05, "warning"},  Case{3'049'999, 3, 10.05, "warning"},
             Case{3'050'000, 3, 10.05, ""},         Case{10'000'000, 3, 10.05, ""},
             Case{10'000'001, 3, 10.05, "warning"}, Case{10'040'000, 3, 10.05, "warning"},
             Case{10'050'000, 3, 10.05, ""},        Case{10'050'001, 3, 10.05, "error"},
             Case{10'060'000, 3, 10.05, "error"},   Case{10'000'000, 3, 10, ""},
             Case{10'000'001, 3, 10, "error"},      Case{9'980'000, 3, 10, "warning"},
             Case{15'050'000, 0.1, 15.05, ""},      Case{15'050'001, 0.1, 15.05, "error"},
             Case{100'000, 0.1, 15.05, ""},         Case{99'999, 0.1, 15.05, "error"},
             Case{1, 0, 1e300, "warning"},
         }) {
        SCOPED_TRACE(std::to_string(c.duration) + " in " + std::to_string(c.least) + " to " +
                     std::to_string(c.largest));
        MediaInfo clip = good_clip();
        clip.duration = microseconds(c.duration);
        ClipLimits limits;
        limits.min_seconds = c.least;
        limits.max_seconds = c.largest;
        EXPECT_EQ(severity_of(preflight(clip, limits), Check::duration), c.severity);
    }
}

TEST(Preflight, SaysWhatToDoAboutADuration) {
    MediaInfo clip = good_clip();
    clip.duration = microseconds(10'060'000);
    EXPECT_EQ(verdict(clip),
              "error duration 10.06 s, limit at most 10.05 s: trim to 10 s (video_conform does "
              "it)\n");
    clip.duration = microseconds(10'040'000);
    EXPECT_EQ(verdict(clip),
              "warning duration 10.04 s, limit at most 10.05 s: so close that a server may measure "
              "more; trim to 10 s\n");
    clip.duration = microseconds(2'990'000);
    EXPECT_EQ(verdict(clip), "error duration 2.99 s, limit at least 3 s: choose a longer clip\n");
    clip.duration = std::nullopt;
    EXPECT_EQ(verdict(clip),
              "warning duration not stated, limit at least 3 s and at most 10.05 s: the file does "
              "not tell how long it is; make sure that it fits\n");
}

TEST(Preflight, TrimsToWholeSecondsOnlyWhereTheyFit) {
    MediaInfo clip = good_clip();
    ClipLimits limits;
    limits.max_seconds = 0.5;
    EXPECT_NE(verdict(clip, limits).find("trim to 0.5 s"), std::string::npos);
    limits.min_seconds = 3.1;
    limits.max_seconds = 3.9;
    EXPECT_NE(verdict(clip, limits).find("trim to 3.9 s"), std::string::npos);
}

TEST(Preflight, WarnsOfAPictureThatEndsBeforeTheLeastDuration) {
    MediaInfo clip = good_clip();
    clip.duration = microseconds(3'100'000);
    clip.durations = {.container = microseconds(3'100'000),
                      .video = microseconds(2'900'000),
                      .audio = microseconds(3'100'000)};
    EXPECT_EQ(verdict(clip),
              "warning duration 3.1 s, its picture 2.9 s, limit at least 3 s: a server that "
              "measures the picture refuses it; choose a longer clip\n");
}

TEST(Preflight, HoldsEachSideOfTheDisplayedSize) {
    struct Case {
        FrameSize size;
        bool width_fits;
        bool height_fits;
    };
    for (const Case& c : {
             Case{{720, 720}, true, true},
             Case{{2160, 2160}, true, true},
             Case{{719, 720}, false, true},
             Case{{720, 719}, true, false},
             Case{{2161, 720}, false, true},
             Case{{720, 2161}, true, false},
             Case{{3840, 2160}, false, true},
             Case{{640, 360}, false, false},
             Case{{4000, 300}, false, false},
         }) {
        SCOPED_TRACE(std::to_string(c.size.width) + "x" + std::to_string(c.size.height));
        MediaInfo clip = good_clip();
        // What is stored does not count.
        clip.coded_size = {1000, 1000};
        clip.display_size = c.size;
        const auto findings = preflight(clip, edit_limits());
        const auto found = [&](Check check) {
            return std::ranges::any_of(
                findings, [check](const Finding& finding) { return finding.check == check; });
        };
        EXPECT_EQ(found(Check::width), !c.width_fits);
        EXPECT_EQ(found(Check::height), !c.height_fits);
        EXPECT_EQ(findings.size(), static_cast<std::size_t>(!c.width_fits) +
                                       static_cast<std::size_t>(!c.height_fits));
        EXPECT_EQ(is_accepted(findings), c.width_fits && c.height_fits);
    }
}

TEST(Preflight, NamesTheSizeThatFits) {
    struct Case {
        FrameSize size;
        const char* remedy;
    };
    for (const Case& c : {
             Case{{3840, 2160}, "scale to 2160x1214 "},
             Case{{2160, 3840}, "scale to 1214x2160 "},
             Case{{640, 360}, "scale to 1280x720 "},
             Case{{719, 719}, "scale to 720x720 "},
             Case{{2161, 2161}, "scale to 2160x2160 "},
             Case{{1279, 719}, "scale to 1280x720 "},
             Case{{1, 1}, "scale to 720x720 "},
             // The aspect 3 is the last that fits.
             Case{{300, 100}, "scale to 2160x720 "},
             Case{{304, 100}, "crop or pad: at the aspect of 304x100 no size fits all limits"},
             Case{{4000, 300}, "crop or pad: at the aspect of 4000x300 no size fits all limits"},
             Case{{0, 0}, "crop or pad: "},
         }) {
        MediaInfo clip = good_clip();
        clip.display_size = c.size;
        EXPECT_NE(verdict(clip).find(c.remedy), std::string::npos) << verdict(clip);
    }
}

TEST(Preflight, TakesNoScalingThatStretches) {
    MediaInfo clip = good_clip();
    clip.display_size = {1000, 998};
    ClipLimits limits;
    limits.min_side_px = 2;
    limits.max_side_px = 3;
    EXPECT_NE(verdict(clip, limits).find("scale to 2x2"), std::string::npos);
    clip.display_size = {1000, 700};
    EXPECT_NE(verdict(clip, limits).find("crop or pad"), std::string::npos);
    limits.max_side_px = std::numeric_limits<int>::max();
    limits.min_side_px = std::numeric_limits<int>::max();
    EXPECT_NE(verdict(clip, limits).find("crop or pad"), std::string::npos);
}

TEST(Preflight, HoldsPixelsAndAspectTogetherWithTheSides) {
    MediaInfo clip = good_clip();
    ClipLimits limits;
    limits.min_pixels = 409'600;
    limits.max_pixels = 927'408;
    clip.display_size = {1112, 834};
    EXPECT_EQ(verdict(clip, limits), "");
    clip.display_size = {640, 640};
    EXPECT_EQ(verdict(clip, limits), "");
    clip.display_size = {640, 639};
    EXPECT_EQ(
        verdict(clip, limits),
        "error pixels 408960 pixels (640x639), limit at least 409600 pixels: scale to 640x640 "
        "(video_conform does it)\n");
    clip.display_size = {1920, 1080};
    EXPECT_EQ(verdict(clip, limits),
              "error pixels 2073600 pixels (1920x1080), limit at most 927408 pixels: scale to "
              "1284x722 (video_conform does it)\n");
    limits.max_side_px = 1000;
    EXPECT_EQ(verdict(clip, limits),
              "error width 1920 px, limit at most 1000 px: scale to 1000x562 (video_conform does "
              "it)\n"
              "error height 1080 px, limit at most 1000 px: scale to 1000x562\n"
              "error pixels 2073600 pixels (1920x1080), limit at most 927408 pixels: scale to "
              "1000x562\n");
    // No overflow.
    clip.display_size = {1 << 30, 1 << 30};
    EXPECT_FALSE(is_accepted(preflight(clip, limits)));
}

TEST(Preflight, HoldsAspectsAsTheyAreWritten) {
    struct Case {
        FrameSize size;
        bool fits;
    };
    for (const Case& c : {
             Case{{400, 1000}, true},
             Case{{399, 1000}, false},
             Case{{288, 720}, true},
             Case{{1800, 720}, true},
             Case{{1801, 720}, false},
         }) {
        SCOPED_TRACE(c.size.width);
        MediaInfo clip = good_clip();
        clip.display_size = c.size;
        ClipLimits limits;
        limits.min_aspect = 0.4;
        limits.max_aspect = 2.5;
        EXPECT_EQ(severity_of(preflight(clip, limits), Check::aspect), c.fits ? "" : "error");
    }
    MediaInfo clip = good_clip();
    clip.display_size = {1000, 300};
    ClipLimits limits;
    limits.max_aspect = 2.5;
    EXPECT_EQ(verdict(clip, limits),
              "error aspect 3.3333 (1000x300), limit at most 2.5: crop its width or pad its "
              "height\n");
}

TEST(Preflight, HoldsFrameRatesExactly) {
    struct Case {
        FrameRate rate;
        double least;
        double largest;
        const char* severity;
    };
    for (const Case& c : {
             Case{{24, 1}, 24, 60, ""},
             Case{{60, 1}, 24, 60, ""},
             Case{{30000, 1001}, 24, 60, ""},
             Case{{60000, 1001}, 24, 60, ""},
             Case{{24000, 1001}, 24, 60, "error"},
             Case{{24000, 1001}, 23.9, 60.05, ""},
             Case{{24000, 1001}, 23.976, 60, ""},
             Case{{24000, 1001}, 23.98, 60, ""},
             Case{{239, 10}, 23.9, 60.05, ""},
             Case{{1201, 20}, 23.9, 60.05, ""},
             Case{{60051, 1000}, 23.9, 60.05, "error"},
             Case{{30000, 1001}, 1, 29.97, ""},
             Case{{30, 1}, 1, 29.97, "error"},
             Case{{60001, 1000}, 24, 60, "error"},
             Case{{59980, 1000}, 24, 60, "warning"},
             Case{{59900, 1000}, 24, 60, ""},
             Case{{24005, 1000}, 24, 60, "warning"},
             Case{{23999, 1000}, 24, 60, "error"},
             Case{{120, 1}, 24, 60, "error"},
             Case{{1, 1}, 24, 60, "error"},
         }) {
        SCOPED_TRACE(std::to_string(c.rate.numerator) + "/" + std::to_string(c.rate.denominator) +
                     " in " + std::to_string(c.least) + " to " + std::to_string(c.largest));
        MediaInfo clip = good_clip();
        clip.frame_rate = c.rate;
        ClipLimits limits;
        limits.min_fps = c.least;
        limits.max_fps = c.largest;
        EXPECT_EQ(severity_of(preflight(clip, limits), Check::frame_rate), c.severity);
    }
}

TEST(Preflight, SaysWhatToDoAboutAFrameRate) {
    MediaInfo clip = good_clip();
    clip.frame_rate = FrameRate{24000, 1001};
    EXPECT_EQ(verdict(clip),
              "error frame rate 23.976 fps, limit at least 24 fps: convert to 24 fps "
              "(video_conform does it)\n");
    clip.frame_rate = FrameRate{120, 1};
    EXPECT_EQ(verdict(clip),
              "error frame rate 120 fps, limit at most 60 fps: convert to 60 fps (video_conform "
              "does it)\n");
    // Told apart from the limit.
    clip.frame_rate = FrameRate{600001, 10000};
    EXPECT_EQ(verdict(clip),
              "error frame rate 60.0001 fps, limit at most 60 fps: convert to 60 fps "
              "(video_conform does it)\n");
    clip.frame_rate = std::nullopt;
    EXPECT_EQ(verdict(clip),
              "warning frame rate not stated, limit at least 24 fps and at most 60 fps: the file "
              "does not tell its frame rate; make sure that it fits\n");
    clip.frame_rate = FrameRate{27, 1};
    clip.variable_frame_rate = true;
    EXPECT_EQ(verdict(clip),
              "warning frame rate variable, 27 fps on average, limit at least 24 fps and at most "
              "60 fps: a server may measure another rate; convert to a constant one\n");
    // Where no rate is limited, it may vary.
    ClipLimits limits = edit_limits();
    limits.min_fps = std::nullopt;
    limits.max_fps = std::nullopt;
    EXPECT_EQ(verdict(clip, limits), "");
    clip.frame_rate = std::nullopt;
    EXPECT_EQ(verdict(clip, limits), "");
}

TEST(Preflight, CountsBytesAndWarnsWhereAMegabyteMayBeAMillion) {
    struct Case {
        std::int64_t bytes;
        const char* severity;
    };
    for (const Case& c : {
             Case{199'999'999, ""},
             Case{200'000'000, ""},
             Case{200'000'001, "warning"},
             Case{199 * kMegabyte, "warning"},
             Case{200 * kMegabyte, "warning"},
             Case{200 * kMegabyte + 1, "error"},
         }) {
        SCOPED_TRACE(c.bytes);
        MediaInfo clip = good_clip();
        clip.file_size_bytes = c.bytes;
        EXPECT_EQ(severity_of(preflight(clip, edit_limits()), Check::file_size), c.severity);
    }
    MediaInfo clip = good_clip();
    clip.file_size_bytes = 201 * kMegabyte;
    EXPECT_EQ(verdict(clip),
              "error file size 201 MB (210763776 bytes), limit at most 200 MB (209715200 bytes): "
              "re-encode at a lower bitrate (video_conform does it)\n");
    // A limit that was given in bytes is one.
    ClipLimits limits;
    limits.max_bytes = 1'000'000;
    clip.file_size_bytes = 1'000'000;
    EXPECT_EQ(verdict(clip, limits), "");
    clip.file_size_bytes = 1'000'001;
    EXPECT_FALSE(is_accepted(preflight(clip, limits)));
}

TEST(Preflight, NamesTheContainersAndCodecsThatAreAccepted) {
    MediaInfo clip = good_clip();
    clip.container = "mov";
    EXPECT_EQ(verdict(clip), "");
    clip.container = "matroska";
    EXPECT_EQ(verdict(clip),
              "error container matroska, limit mp4 or mov: convert to mp4 (video_conform does "
              "it)\n");
    ClipLimits limits;
    limits.containers = {"mov", "webm", "avi"};
    limits.codecs = {"vp9"};
    EXPECT_EQ(verdict(clip, limits),
              "error container matroska, limit mov, webm or avi: convert to mov\n"
              "error codec h264, limit vp9: re-encode as vp9\n");
    limits.codecs = {"hevc", "h264"};
    clip.codec = "prores";
    clip.container = "avi";
    EXPECT_EQ(
        verdict(clip, limits),
        "error codec prores, limit hevc or h264: re-encode as h264 (video_conform does it)\n");
}

TEST(Preflight, TellsEverythingAtOnceErrorsFirst) {
    MediaInfo clip = good_clip();
    clip.container = "matroska";
    clip.duration = std::nullopt;
    clip.display_size = {3840, 2160};
    clip.frame_rate = FrameRate{12, 1};
    clip.file_size_bytes = 300 * kMegabyte;
    const auto findings = preflight(clip, edit_limits());
    std::vector<Check> checks;
    for (const Finding& finding : findings) {
        checks.push_back(finding.check);
        EXPECT_EQ(finding.text().find('\n'), std::string::npos);
        EXPECT_FALSE(finding.measured.empty());
        EXPECT_FALSE(finding.limit.empty());
        EXPECT_FALSE(finding.remedy.empty());
    }
    EXPECT_EQ(checks, (std::vector{Check::container, Check::width, Check::frame_rate,
                                   Check::file_size, Check::duration}));
    EXPECT_EQ(findings.back().severity, Severity::warning);
    const std::string text = joined(findings);
    const std::size_t named = text.find("video_conform");
    EXPECT_NE(named, std::string::npos);
    EXPECT_EQ(text.find("video_conform", named + 1), std::string::npos);
    EXPECT_FALSE(is_accepted(findings));
}

TEST(Preflight, AcceptsWarnings) {
    EXPECT_TRUE(is_accepted({}));
    std::vector<Finding> findings{{.severity = Severity::warning}};
    EXPECT_TRUE(is_accepted(findings));
    findings.push_back({.severity = Severity::error});
    EXPECT_FALSE(is_accepted(findings));
}

TEST(Preflight, HoldsClipsTogether) {
    JointClipLimits limits;
    limits.min_seconds = 2;
    limits.max_seconds = 15;
    limits.max_bytes = 50 * kMegabyte;
    const auto clip = [](std::int64_t microseconds_long, std::int64_t megabytes) {
        MediaInfo info = good_clip();
        info.duration = microseconds(microseconds_long);
        info.file_size_bytes = megabytes * kMegabyte;
        return info;
    };
    const auto together = [&](const std::vector<MediaInfo>& clips) {
        return joined(preflight_together(clips, limits));
    };
    EXPECT_EQ(together({}), "");
    EXPECT_EQ(together({clip(5'000'000, 20), clip(10'000'000, 30)}), "");
    EXPECT_EQ(together({clip(5'000'000, 20), clip(10'000'001, 31)}),
              "error duration 15.000001 s together, limit at most 15 s: trim clips or leave some "
              "out\n"
              "error file size 51 MB (53477376 bytes) together, limit at most 50 MB (52428800 "
              "bytes): re-encode at a lower bitrate or leave some out\n");
    EXPECT_EQ(together({clip(1'999'999, 1)}),
              "error duration 1.999999 s together, limit at least 2 s: choose longer clips or add "
              "some\n");
    MediaInfo live = clip(0, 60);
    live.duration = std::nullopt;
    EXPECT_EQ(together({live}),
              "error file size 60 MB (62914560 bytes) together, limit at most 50 MB (52428800 "
              "bytes): re-encode at a lower bitrate or leave some out\n"
              "warning duration not stated by every clip, limit at least 2 s and at most 15 s "
              "together: a file does not tell how long it is; make sure that all fit\n");
    EXPECT_EQ(joined(preflight_together(std::vector{live}, {})), "");
    // What is stated is too long already.
    EXPECT_EQ(joined(preflight_together(std::vector{clip(16'000'000, 1), live}, limits))
                  .find("error duration 16 s"),
              0U);
}

TEST(Preflight, NamesChecksAsJsonDoes) {
    EXPECT_STREQ(name_of(Check::container), "container");
    EXPECT_STREQ(name_of(Check::codec), "codec");
    EXPECT_STREQ(name_of(Check::duration), "duration");
    EXPECT_STREQ(name_of(Check::width), "width");
    EXPECT_STREQ(name_of(Check::height), "height");
    EXPECT_STREQ(name_of(Check::pixels), "pixels");
    EXPECT_STREQ(name_of(Check::aspect), "aspect");
    EXPECT_STREQ(name_of(Check::frame_rate), "frame_rate");
    EXPECT_STREQ(name_of(Check::file_size), "file_size");
    EXPECT_STREQ(name_of(Severity::error), "error");
    EXPECT_STREQ(name_of(Severity::warning), "warning");
}

}  // namespace
}  // namespace editprep::video
