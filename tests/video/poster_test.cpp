#include "editprep/video/poster.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "clip_maker.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "file_content.hpp"
#include "mp4_maker.hpp"
#include "temp_folder.hpp"

/// Frames of clips that the ffmpeg program made, as pictures.
namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::content_of;
using testing::make_clip;

constexpr const char* kFast = " -c:v libx264 -preset ultrafast -crf 10 ";
/// The same where the colours need whole chroma.
constexpr const char* kFastFull = " -pix_fmt yuv444p -c:v libx264 -preset ultrafast -crf 10 ";

struct Color {
    int red;
    int green;
    int blue;
};
constexpr Color kRed{255, 0, 0};
constexpr Color kGreen{0, 255, 0};
constexpr Color kBlue{0, 0, 255};
constexpr Color kWhite{255, 255, 255};

Color pixel_of(const Poster& poster, int x, int y) {
    const auto at = static_cast<std::size_t>(y * poster.width + x) * 3;
    return {poster.rgb.at(at), poster.rgb.at(at + 1), poster.rgb.at(at + 2)};
}

/// A codec's rounding is allowed for, another colour is not.
void expect_color(const Poster& poster, int x, int y, const Color& expected, int tolerance = 12) {
    const Color found = pixel_of(poster, x, y);
    EXPECT_NEAR(found.red, expected.red, tolerance) << x << ',' << y;
    EXPECT_NEAR(found.green, expected.green, tolerance) << x << ',' << y;
    EXPECT_NEAR(found.blue, expected.blue, tolerance) << x << ',' << y;
}

void expect_size(const Poster& poster, int width, int height) {
    EXPECT_EQ(poster.width, width);
    EXPECT_EQ(poster.height, height);
    EXPECT_EQ(poster.rgb.size(), static_cast<std::size_t>(width * height * 3));
}

class PosterFrame : public ::testing::Test {
protected:
    [[nodiscard]] fs::path clip(const std::string& name, const std::string& words) const {
        make_clip(words, folder_ / name);
        return folder_ / name;
    }
    /// 0.4 s each of red, green and blue at 25 frames a second.
    [[nodiscard]] fs::path three_colours(const std::string& name,
                                         const std::string& codec = kFast) const {
        std::string inputs;
        for (const char* colour : {"red", "lime", "blue"}) {
            inputs += std::string(" -f lavfi -i color=") + colour + ":size=64x48:rate=25:d=0.4";
        }
        return clip(name, inputs + " -filter_complex concat=n=3" + codec);
    }
    /// White with a red quarter at the top left, as stored: 256x144.
    [[nodiscard]] fs::path red_corner() const {
        return clip("stored.mp4",
                    "-f lavfi -i color=white:size=256x144:rate=25:duration=0.2 "
                    "-vf drawbox=w=128:h=72:color=red:t=fill" +
                        std::string(kFast));
    }
    [[nodiscard]] const testing::TempFolder& folder() const { return folder_; }

private:
    testing::TempFolder folder_;
};

std::optional<Errc> refusal_of(const fs::path& path, const PosterOptions& options = {}) {
    try {
        (void)poster_frame(path, options);
        return std::nullopt;
    } catch (const Error& error) {
        EXPECT_STRNE(error.what(), "");
        return error.errc();
    }
}

TEST_F(PosterFrame, IsTheFirstOne) {
    const Poster poster = poster_frame(three_colours("clip.mp4"));
    expect_size(poster, 64, 48);
    expect_color(poster, 0, 0, kRed);
    expect_color(poster, 63, 47, kRed);
}

TEST_F(PosterFrame, IsTheOneThatIsShownThen) {
    const fs::path path = three_colours("clip.mp4");
    const auto color_at = [&](milliseconds time, const Color& expected) {
        SCOPED_TRACE(time.count());
        expect_color(poster_frame(path, {.at = time}), 32, 24, expected);
    };
    color_at(milliseconds(0), kRed);
    color_at(milliseconds(399), kRed);
    color_at(milliseconds(401), kGreen);
    color_at(milliseconds(799), kGreen);
    color_at(milliseconds(1190), kBlue);
    color_at(milliseconds(60'000), kBlue);
}

TEST_F(PosterFrame, ComesOutOfEveryContainer) {
    for (const auto& [name, codec] :
         {std::pair{"clip.mov", " -c:v mjpeg -q:v 2 -pix_fmt yuvj444p "},
          std::pair{"clip.webm", " -c:v libvpx -crf 4 -b:v 4M "}, std::pair{"clip.mkv", kFast},
          std::pair{"clip.avi", " -c:v mpeg4 -q:v 1 "}, std::pair{"clip.ts", kFast}}) {
        SCOPED_TRACE(name);
        const fs::path path = three_colours(name, codec);
        expect_color(poster_frame(path), 32, 24, kRed, 25);
        expect_color(poster_frame(path, {.at = milliseconds(600)}), 32, 24, kGreen, 25);
    }
}

TEST_F(PosterFrame, HasTheColoursThatPlayersShow) {
    // Without a word about the matrix, the height decides.
    for (const auto& [size, matrix] :
         {std::pair{"320x240", "bt601"}, std::pair{"1280x720", "bt709"}}) {
        SCOPED_TRACE(size);
        const fs::path path =
            clip("clip.mp4", std::string("-f lavfi -i color=0x30a060:rate=25:d=0.08:size=") + size +
                                 " -vf format=rgb24,scale=out_color_matrix=" + matrix +
                                 ",format=yuv420p,setparams=colorspace=unknown" + kFast);
        expect_color(poster_frame(path), 20, 20, {0x30, 0xa0, 0x60}, 4);
    }
}

TEST_F(PosterFrame, IsAtMostAsLargeAsAskedFor) {
    const fs::path path = clip("clip.mp4", std::string("-f lavfi -i color=blue:size=320x180:d=0.1 "
                                                       "-frames:v 1") +
                                               kFast);
    expect_size(poster_frame(path, {.longest_side = 320}), 320, 180);
    expect_size(poster_frame(path, {.longest_side = 319}), 319, 179);
    expect_size(poster_frame(path, {.longest_side = 101}), 101, 57);
    expect_size(poster_frame(path, {.longest_side = 1}), 1, 1);
    expect_color(poster_frame(path, {.longest_side = 101}), 100, 56, kBlue);
}

TEST_F(PosterFrame, MayHaveOddSides) {
    const fs::path path =
        clip("clip.mp4",
             "-f lavfi -i color=white:size=64x36:d=0.1 -frames:v 1 -vf "
             "format=yuv444p,crop=63:35:0:0:exact=1,drawbox=w=31:h=17:color=red:t=fill" +
                 std::string(kFastFull));
    const Poster poster = poster_frame(path);
    expect_size(poster, 63, 35);
    expect_color(poster, 2, 2, kRed);
    expect_color(poster, 62, 34, kWhite);
    expect_color(poster, 62, 0, kWhite);
}

TEST_F(PosterFrame, StandsUpright) {
    const fs::path stored = red_corner();
    struct Turned {
        /// ffmpeg's word turns anticlockwise.
        int degrees;
        int width;
        int height;
        /// Where the red corner comes to lie.
        bool right;
        bool bottom;
    };
    for (const Turned& turned :
         {Turned{90, 144, 256, false, true}, Turned{180, 256, 144, true, true},
          Turned{270, 144, 256, true, false}}) {
        SCOPED_TRACE(turned.degrees);
        const fs::path path = clip(
            "turned.mp4", "-i '" + stored.string() +
                              "' -c copy -metadata:s:v rotate=" + std::to_string(turned.degrees));
        const Poster poster = poster_frame(path);
        expect_size(poster, turned.width, turned.height);
        const int right = turned.width - 10;
        const int bottom = turned.height - 10;
        expect_color(poster, turned.right ? right : 10, turned.bottom ? bottom : 10, kRed);
        expect_color(poster, turned.right ? 10 : right, turned.bottom ? bottom : 10, kWhite);
        expect_color(poster, turned.right ? right : 10, turned.bottom ? 10 : bottom, kWhite);
    }
}

TEST_F(PosterFrame, IsMirroredWhereTheClipIs) {
    const fs::path path = red_corner();
    std::string content = content_of(path);
    // The first number of the track's matrix, 1.0, becomes -1.0.
    content.replace(content.find("tkhd") + 44, 4, testing::u32(0xFFFF0000));
    std::ofstream(path, std::ios::binary) << content;
    ASSERT_TRUE(probe(path).mirrored);
    const Poster poster = poster_frame(path);
    expect_size(poster, 256, 144);
    expect_color(poster, 246, 10, kRed);
    expect_color(poster, 10, 10, kWhite);
    expect_color(poster, 246, 134, kWhite);
}

TEST_F(PosterFrame, HasSquarePixels) {
    const fs::path path = clip("clip.mp4",
                               "-f lavfi -i color=red:size=72x48:d=0.1 -vf setsar=4/3 "
                               "-frames:v 1" +
                                   std::string(kFast));
    expect_size(poster_frame(path), 96, 48);
    const fs::path turned =
        clip("turned.mp4", "-i '" + path.string() + "' -c copy -metadata:s:v rotate=90");
    expect_size(poster_frame(turned, {.longest_side = 48}), 24, 48);
}

TEST_F(PosterFrame, IsMappedToStandardRange) {
    const fs::path path =
        clip("hdr.mp4",
             "-f lavfi -i testsrc2=size=64x48:rate=25:d=0.2 "
             "-vf format=yuv444p10le,crop=63:47:0:0:exact=1 "
             "-c:v libx265 -preset ultrafast -x265-params "
             "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc "
             "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc");
    ASSERT_EQ(probe(path).dynamic_range, DynamicRange::pq);
    expect_size(poster_frame(path), 63, 47);
    expect_size(poster_frame(path, {.longest_side = 31}), 31, 23);
}

TEST_F(PosterFrame, ComesOfInterlacedFramesToo) {
    const fs::path path = clip("clip.mp4",
                               "-f lavfi -i color=red:size=64x48:rate=50:d=0.4 -vf interlace "
                               "-flags +ildct+ilme -x264-params interlaced=1" +
                                   std::string(kFast));
    const Poster poster = poster_frame(path);
    expect_size(poster, 64, 48);
    expect_color(poster, 32, 23, kRed);
    EXPECT_NE(testing::ffprobe_json(path).find("\"field_order\": \"tt\""), std::string::npos);
}

TEST_F(PosterFrame, PassesDamageOver) {
    // Key frames alone, the first of them overwritten.
    const fs::path path = three_colours("clip.avi", " -c:v mjpeg -q:v 2 -pix_fmt yuvj444p ");
    std::string content = content_of(path);
    const std::size_t first = content.find("00dc", content.find("movi"));
    ASSERT_NE(first, std::string::npos);
    content.replace(first + 8, 200, 200, '\0');
    std::ofstream(path, std::ios::binary) << content;
    expect_color(poster_frame(path), 32, 24, kRed, 25);
}

TEST_F(PosterFrame, OfWhatDoesNotDecodeIsNone) {
    const fs::path path = three_colours("clip.mp4", std::string(kFast) + "-movflags +faststart ");
    std::string content = content_of(path);
    const std::size_t media = content.find("mdat") + 4;
    ASSERT_LT(media, content.size());
    content.replace(media, content.size() - media, content.size() - media, '\xff');
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(refusal_of(path), Errc::decode_failed);
}

TEST_F(PosterFrame, IsGivenUpWhereTheWayIsTooLong) {
    // A single key frame.
    const fs::path path = clip("long.mp4", "-f lavfi -i color=red:size=32x32:rate=100:d=20" +
                                               std::string(kFast) + "-g 9999 -keyint_min 9999");
    expect_color(poster_frame(path, {.at = seconds(5)}), 16, 16, kRed);
    EXPECT_EQ(refusal_of(path, {.at = seconds(15)}), Errc::too_complex);
}

TEST_F(PosterFrame, IsNotMadeOfGiants) {
    const std::string small = testing::number(64, 2) + testing::number(48, 2);
    std::string content = testing::mp4_clip(testing::track(testing::sample_table(10, 100)));
    const std::size_t size = content.find(small, content.find("stsd"));
    ASSERT_NE(size, std::string::npos);
    content.replace(size, small.size(), testing::repeat(testing::number(60'000, 2), 2));
    std::ofstream(folder() / "giant.mp4", std::ios::binary) << content;
    EXPECT_EQ(refusal_of(folder() / "giant.mp4"), Errc::too_complex);
}

TEST_F(PosterFrame, NeedsAWholeClip) {
    const fs::path path = three_colours("clip.mp4");
    fs::resize_file(path, fs::file_size(path) / 2);
    EXPECT_EQ(refusal_of(path), Errc::damaged_media);
    const fs::path front = three_colours("front.mp4", std::string(kFast) + "-movflags +faststart ");
    fs::resize_file(front, fs::file_size(front) - 100);
    EXPECT_EQ(refusal_of(front), Errc::damaged_media);
}

TEST_F(PosterFrame, NeedsAPicture) {
    EXPECT_EQ(refusal_of(clip("sound.mp4", std::string(testing::kSound) + " -c:a aac")),
              Errc::no_video);
}

TEST_F(PosterFrame, NeedsAClip) {
    std::ofstream(folder() / "text.mp4") << "This is no clip.\n";
    EXPECT_EQ(refusal_of(folder() / "text.mp4"), Errc::unsupported_format);
    std::ofstream(folder() / "empty.mp4").flush();
    EXPECT_EQ(refusal_of(folder() / "empty.mp4"), Errc::unsupported_format);
}

TEST_F(PosterFrame, NeedsAFile) {
    EXPECT_EQ(refusal_of(folder() / "missing.mp4"), Errc::file_not_found);
    EXPECT_EQ(refusal_of({}), Errc::file_not_found);
    EXPECT_EQ(refusal_of(folder().path()), Errc::file_unreadable);
}

TEST_F(PosterFrame, RefusesWhatIsOutOfRange) {
    const fs::path missing = folder() / "missing.mp4";
    for (const int side : {-1, 0, 8193}) {
        EXPECT_EQ(refusal_of(missing, {.longest_side = side}), Errc::invalid_argument) << side;
    }
    EXPECT_EQ(refusal_of(missing, {.at = milliseconds(-1)}), Errc::invalid_argument);
}

}  // namespace
}  // namespace editprep::video
