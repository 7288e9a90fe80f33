#include "editprep/video/pattern_clip.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "file_content.hpp"
#include "temp_folder.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::content_of;

constexpr PatternClip kSmall{
    .size = {160, 96}, .frame_rate = {25, 1}, .duration = milliseconds(600)};

TEST(PatternClip, IsWhatWasAskedFor) {
    const testing::TempFolder folder;
    const fs::path path = folder / "clip.mp4";
    write_pattern_clip(
        path, {.size = {320, 180}, .frame_rate = {30000, 1001}, .duration = milliseconds(1001)});
    const MediaInfo info = probe(path);
    EXPECT_EQ(info.container, "mp4");
    EXPECT_EQ(info.codec, "h264");
    EXPECT_EQ(info.display_size, (FrameSize{320, 180}));
    EXPECT_EQ(info.frame_rate, (FrameRate{30000, 1001}));
    ASSERT_TRUE(info.duration);
    EXPECT_NEAR(static_cast<double>(info.duration->count()), 1.001e6, 1e3);
    EXPECT_TRUE(info.has_audio);
}

TEST(PatternClip, HasNoSoundWhenNoneIsWanted) {
    const testing::TempFolder folder;
    PatternClip clip = kSmall;
    clip.with_audio = false;
    write_pattern_clip(folder / "clip.mp4", clip);
    EXPECT_FALSE(probe(folder / "clip.mp4").has_audio);
}

TEST(PatternClip, IsTheSameForTheSameValuesOnly) {
    const testing::TempFolder folder;
    write_pattern_clip(folder / "a.mp4", kSmall);
    write_pattern_clip(folder / "b.mp4", kSmall);
    PatternClip other = kSmall;
    other.seed = 1;
    write_pattern_clip(folder / "c.mp4", other);
    EXPECT_EQ(content_of(folder / "a.mp4"), content_of(folder / "b.mp4"));
    EXPECT_NE(content_of(folder / "a.mp4"), content_of(folder / "c.mp4"));
}

TEST(PatternClip, PlaysWithoutComplaint) {
    const testing::TempFolder folder;
    write_pattern_clip(folder / "clip.mp4", kSmall);
    const std::string log = (folder / "log").string();
    const std::string command = "ffmpeg -nostdin -v error -i '" + (folder / "clip.mp4").string() +
                                "' -f null - 2>'" + log + "' </dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(content_of(log), "");
}

TEST(PatternClip, ReplacesAFileAndLeavesNothingElse) {
    const testing::TempFolder folder;
    std::ofstream(folder / "clip.mp4") << "old";
    write_pattern_clip(folder / "clip.mp4", kSmall);
    EXPECT_EQ(probe(folder / "clip.mp4").codec, "h264");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(PatternClip, RefusesWhatNoEncoderTakes) {
    const testing::TempFolder folder;
    const auto refusal_of = [&](const PatternClip& clip) {
        try {
            write_pattern_clip(folder / "clip.mp4", clip);
        } catch (const Error& error) {
            return error.errc();
        }
        return Errc{};
    };
    EXPECT_EQ(refusal_of({.size = {161, 90}}), Errc::invalid_argument);
    EXPECT_EQ(refusal_of({.size = {0, 90}}), Errc::invalid_argument);
    EXPECT_EQ(refusal_of({.size = {20'000, 90}}), Errc::invalid_argument);
    EXPECT_EQ(refusal_of({.frame_rate = {0, 1}}), Errc::invalid_argument);
    EXPECT_EQ(refusal_of({.frame_rate = {25, 0}}), Errc::invalid_argument);
    EXPECT_EQ(refusal_of({.duration = milliseconds(0)}), Errc::invalid_argument);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace editprep::video
