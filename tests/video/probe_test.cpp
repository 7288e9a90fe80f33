#include "editprep/video/probe.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <future>
#include <string>

extern "C" {
#include <libavutil/log.h>
}

#include "clip_maker.hpp"
#include "editprep/video/error.hpp"
#include "temp_folder.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using testing::kPicture;
using testing::kSound;
using testing::make_clip;

class Probe : public ::testing::Test {
protected:
    [[nodiscard]] fs::path clip(const std::string& name, const std::string& words) const {
        make_clip(words, folder_ / name);
        return folder_ / name;
    }
    [[nodiscard]] fs::path file(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return folder_ / name;
    }
    /// The first `fraction` of another file.
    [[nodiscard]] fs::path cut(const fs::path& whole, double fraction) const {
        fs::path part = folder_ / "cut.mp4";
        fs::copy_file(whole, part, fs::copy_options::overwrite_existing);
        fs::resize_file(part, static_cast<std::uintmax_t>(
                                  static_cast<double>(fs::file_size(whole)) * fraction));
        return part;
    }
    [[nodiscard]] const fs::path& folder() const { return folder_.path(); }

private:
    testing::TempFolder folder_;
};

Errc refusal_of(const fs::path& path) {
    try {
        static_cast<void>(probe(path));
    } catch (const Error& error) {
        EXPECT_EQ(error.subject(), path.string());
        EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
        return error.errc();
    }
    ADD_FAILURE() << "was accepted: " << path;
    return {};
}

TEST_F(Probe, TellsTheFactsOfAnMp4) {
    const fs::path path =
        clip("clip.mp4", std::string(kPicture) + " " + kSound + " -c:v libx264 -c:a aac");
    const MediaInfo info = probe(path);
    EXPECT_EQ(info.container, "mp4");
    ASSERT_TRUE(info.duration);
    EXPECT_NEAR(static_cast<double>(info.duration->count()), 1e6, 5e4);
    EXPECT_EQ(info.coded_size, (FrameSize{64, 48}));
    EXPECT_EQ(info.display_size, (FrameSize{64, 48}));
    EXPECT_EQ(info.rotation_degrees, 0);
    EXPECT_EQ(info.frame_rate, (FrameRate{25, 1}));
    EXPECT_EQ(info.codec, "h264");
    EXPECT_TRUE(info.has_audio);
    EXPECT_EQ(info.file_size_bytes, static_cast<std::int64_t>(fs::file_size(path)));
}

TEST_F(Probe, TellsContainersByContent) {
    struct Case {
        const char* muxer;
        const char* codec;
        const char* container;
    };
    for (const Case& c : {Case{"mp4", "libx264", "mp4"}, Case{"mov", "libx264", "mov"},
                          Case{"matroska", "libx264", "matroska"}, Case{"webm", "libvpx", "webm"},
                          Case{"avi", "mpeg4", "avi"}}) {
        SCOPED_TRACE(c.container);
        const MediaInfo info =
            probe(clip("clip.txt", std::string(kPicture) + " -c:v " + c.codec + " -f " + c.muxer));
        EXPECT_EQ(info.container, c.container);
        EXPECT_EQ(info.display_size, (FrameSize{64, 48}));
        EXPECT_EQ(info.frame_rate, (FrameRate{25, 1}));
        ASSERT_TRUE(info.duration);
        EXPECT_NEAR(static_cast<double>(info.duration->count()), 1e6, 5e4);
        EXPECT_FALSE(info.has_audio);
    }
}

TEST_F(Probe, FindsTheFrameSizeThatStandsInTheFramesAlone) {
    const MediaInfo info = probe(clip("old.mp4", std::string(kPicture) + " -c:v mpeg4"));
    EXPECT_EQ(info.codec, "mpeg4");
    EXPECT_EQ(info.coded_size, (FrameSize{64, 48}));
    EXPECT_EQ(info.frame_rate, (FrameRate{25, 1}));
}

TEST_F(Probe, KeepsBrokenFrameRatesExact) {
    const fs::path path =
        clip("ntsc.mp4", "-f lavfi -i testsrc2=size=64x48:rate=30000/1001:duration=1 -c:v libx264");
    const MediaInfo info = probe(path);
    EXPECT_EQ(info.frame_rate, (FrameRate{30000, 1001}));
    EXPECT_NEAR(info.frame_rate->per_second(), 29.97, 0.001);
}

TEST_F(Probe, TurnsTheDisplayedSize) {
    const fs::path upright = clip("upright.mp4", std::string(kPicture) + " -c:v libx264");
    for (const int degrees : {90, 180, 270}) {
        SCOPED_TRACE(degrees);
        const MediaInfo info = probe(clip(
            "turned.mp4",
            "-i " + upright.string() + " -c copy -metadata:s:v rotate=" + std::to_string(degrees)));
        // ffmpeg's option turns anticlockwise.
        EXPECT_EQ(info.rotation_degrees, 360 - degrees);
        EXPECT_EQ(info.coded_size, (FrameSize{64, 48}));
        EXPECT_EQ(info.display_size, degrees == 180 ? (FrameSize{64, 48}) : (FrameSize{48, 64}));
    }
}

TEST_F(Probe, StretchesPixelsThatAreNotSquare) {
    const MediaInfo info =
        probe(clip("wide.mp4", std::string(kPicture) + " -vf setsar=2/1 -c:v libx264"));
    EXPECT_EQ(info.coded_size, (FrameSize{64, 48}));
    EXPECT_EQ(info.display_size, (FrameSize{128, 48}));
}

TEST_F(Probe, DoesNotTakeACoverForAVideo) {
    const fs::path cover = clip("cover.png", "-f lavfi -i color=size=32x32 -frames:v 1");
    const fs::path song = clip("song.m4a", std::string(kSound) + " -i " + cover.string() +
                                               " -map 0 -map 1 -c:a aac -c:v copy"
                                               " -disposition:v:0 attached_pic");
    EXPECT_EQ(refusal_of(song), Errc::no_video);
}

TEST_F(Probe, RefusesWhatIsNoClip) {
    EXPECT_EQ(refusal_of(folder() / "missing.mp4"), Errc::file_not_found);
    EXPECT_EQ(refusal_of(folder()), Errc::file_unreadable);
    EXPECT_EQ(refusal_of(file("empty.mp4", "")), Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("text.mp4", "This is not a clip.\n")), Errc::unsupported_format);
    EXPECT_EQ(refusal_of(clip("sound.m4a", std::string(kSound) + " -c:a aac")), Errc::no_video);
    EXPECT_EQ(refusal_of(clip("picture.png", "-f lavfi -i color=size=32x32 -frames:v 1")),
              Errc::unsupported_format);
}

/// Formats that make FFmpeg open further files must not get that far.
TEST_F(Probe, DoesNotFollowPlaylists) {
    const fs::path inner = clip("inner.mp4", std::string(kPicture) + " -c:v libx264");
    EXPECT_EQ(refusal_of(file("list.mp4", "ffconcat version 1.0\nfile inner.mp4\n")),
              Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("list.m3u8",
                              "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n"
                              "#EXTINF:1,\ninner.mp4\n#EXT-X-ENDLIST\n")),
              Errc::unsupported_format);
}

TEST_F(Probe, NoticesAFileThatIsCutShort) {
    const fs::path index_last = clip("last.mp4", std::string(kPicture) + " -c:v libx264");
    EXPECT_EQ(refusal_of(cut(index_last, 0.6)), Errc::damaged_media);

    const fs::path index_first =
        clip("first.mp4", std::string(kPicture) + " -c:v libx264 -movflags +faststart");
    EXPECT_EQ(probe(index_first).frame_rate, (FrameRate{25, 1}));
    EXPECT_EQ(refusal_of(cut(index_first, 0.9)), Errc::damaged_media);
    EXPECT_EQ(refusal_of(cut(index_first, 0.6)), Errc::damaged_media);
}

TEST_F(Probe, TakesTracksWithoutASample) {
    const fs::path whole =
        clip("whole.mp4", std::string(kPicture) + " " + kSound + " -c:v libx264 -c:a aac");
    // Nothing of the sound gets through the filter on its packets.
    const std::string copy = "-i " + whole.string() + " -c copy ";
    const std::string unused_sound = copy + "-bsf:a noise=drop=1 ";
    struct Case {
        const char* file;
        std::string words;
    };
    for (const Case& c :
         {Case{"dash.mp4", copy + "-movflags +dash+frag_keyframe+empty_moov+separate_moof"},
          Case{"fragments.mp4", copy + "-movflags +frag_keyframe+empty_moov+separate_moof"},
          Case{"live.mp4", copy + "-movflags +frag_keyframe+empty_moov+separate_moof+skip_trailer"},
          Case{"unused_in_fragments.mp4",
               unused_sound + "-movflags +frag_keyframe+empty_moov+delay_moov"},
          Case{"unused_at_front.mov", unused_sound + "-movflags +faststart"}}) {
        SCOPED_TRACE(c.file);
        const fs::path path = clip(c.file, c.words);
        EXPECT_EQ(probe(path).codec, "h264");
    }
}

TEST_F(Probe, TellsTheRateOfFramesAndNotOfTheClock) {
    // AVI, where each second tick of the clock has no frame.
    const MediaInfo info =
        probe(clip("clock.avi", std::string(kPicture) + " -c:v libx264 -bf 2 -enc_time_base 1/50"));
    EXPECT_EQ(info.frame_rate, (FrameRate{25, 1}));
    EXPECT_EQ(info.nominal_frame_rate, (FrameRate{25, 1}));
    EXPECT_EQ(info.variable_frame_rate, false);
}

TEST_F(Probe, OpensAFileWhoseNameLooksLikeAProtocol) {
    const fs::path path = clip("clip.mp4", std::string(kPicture) + " -c:v libx264");
    const fs::path renamed = folder() / "concat:a|b 'c'.mp4";
    fs::rename(path, renamed);
    EXPECT_EQ(probe(renamed).container, "mp4");
}

TEST_F(Probe, LeavesTheLogLevelAsItWas) {
    const fs::path path = clip("clip.mp4", std::string(kPicture) + " -c:v libx264");
    const int level = av_log_get_level();
    av_log_set_level(AV_LOG_WARNING);
    const auto probe_often = [&] {
        for (int round = 0; round < 25; ++round) {
            EXPECT_EQ(probe(path).codec, "h264");
        }
    };
    std::array<std::future<void>, 4> probes;
    for (std::future<void>& running : probes) {
        running = std::async(std::launch::async, probe_often);
    }
    for (std::future<void>& running : probes) {
        running.get();
    }
    EXPECT_EQ(av_log_get_level(), AV_LOG_WARNING);
    av_log_set_level(level);
}

TEST_F(Probe, PrintsNothing) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(refusal_of(cut(clip("clip.mp4", std::string(kPicture) + " -c:v libx264"), 0.5)),
              Errc::damaged_media);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace editprep::video
