#include "editprep/video/conform.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "clip_maker.hpp"
#include "editprep/video/error.hpp"
#include "file_content.hpp"
#include "mp4_maker.hpp"
#include "temp_folder.hpp"

/// Clips of many kinds, made acceptable; what came out is read by ffprobe and played by ffmpeg.
namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using testing::content_of;
using Json = nlohmann::json;
using std::chrono::milliseconds;
using testing::make_clip;

constexpr const char* kFast = " -c:v libx264 -preset ultrafast ";

/// The limits of real models at a tenth of their size.
ClipLimits small_limits() {
    return {.containers = {"mp4", "mov"},
            .min_seconds = 0.5,
            .max_seconds = 2,
            .min_side_px = 72,
            .max_side_px = 216,
            .min_fps = 24,
            .max_fps = 60,
            .max_bytes = 1 << 20};
}

std::string picture(const std::string& size, const std::string& rate, double seconds) {
    return "-f lavfi -i testsrc2=size=" + size + ":rate=" + rate +
           ":duration=" + std::to_string(seconds);
}

std::string tone(double seconds) {
    return " -f lavfi -i sine=sample_rate=48000:duration=" + std::to_string(seconds);
}

/// What ffprobe, not we, read.
class Reading {
public:
    explicit Reading(const fs::path& path) : json_(Json::parse(testing::ffprobe_json(path))) {}

    [[nodiscard]] const Json* stream(const std::string& type) const {
        for (const Json& each : json_["streams"]) {
            if (each["codec_type"] == type) {
                return &each;
            }
        }
        return nullptr;
    }
    [[nodiscard]] std::size_t streams() const { return json_["streams"].size(); }
    [[nodiscard]] std::string brand() const { return json_["format"]["tags"]["major_brand"]; }
    [[nodiscard]] double longest_seconds() const {
        double longest = seconds_in(json_["format"]);
        for (const Json& each : json_["streams"]) {
            longest = std::max(longest, seconds_in(each));
        }
        return longest;
    }
    [[nodiscard]] double frames_per_second() const {
        const std::string text = (*stream("video"))["avg_frame_rate"];
        return std::stod(text) / std::stod(text.substr(text.find('/') + 1));
    }
    [[nodiscard]] bool is_turned() const { return stream("video")->contains("side_data_list"); }

private:
    static double seconds_in(const Json& part) {
        return part.contains("duration") ? std::stod(std::string(part["duration"])) : 0;
    }

    Json json_;
};

class Conform : public ::testing::Test {
protected:
    [[nodiscard]] fs::path clip(const std::string& name, const std::string& words) const {
        make_clip(words, folder_ / name);
        return folder_ / name;
    }
    [[nodiscard]] fs::path output() const { return folder_ / "result" / "out.mp4"; }
    [[nodiscard]] const testing::TempFolder& folder() const { return folder_; }

    /// What ffmpeg complains about while it plays all of the file.
    [[nodiscard]] std::string complaints_about(const fs::path& path) const {
        const fs::path log = folder_ / "log";
        const std::string command = "ffmpeg -nostdin -v error -i '" + path.string() +
                                    "' -f null - 2>'" + log.string() + "' </dev/null";
        const bool played = std::system(command.c_str()) == 0;
        return content_of(log) + (played ? "" : "(it failed)");
    }

    /// Checksums of a stream's packets, in their order.
    [[nodiscard]] std::vector<std::string> packets_of(const fs::path& path,
                                                      const std::string& stream) const {
        const fs::path list = folder_ / "packets";
        make_clip("-i '" + path.string() + "' -map 0:" + stream + " -c copy -f framemd5", list);
        std::vector<std::string> sums;
        std::ifstream lines(list);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with('#')) {
                // Behind five numbers; what follows it is told beside the packet.
                std::size_t begin = 0;
                for (int column = 0; column < 5; ++column) {
                    begin = line.find(',', begin) + 1;
                }
                sums.push_back(line.substr(begin, line.find(',', begin) - begin));
            }
        }
        return sums;
    }

    /// The packets went over as they are; the last ones may be missing.
    void expect_copied(const fs::path& input, const std::string& stream) const {
        const auto before = packets_of(input, stream);
        const auto after = packets_of(output(), stream);
        ASSERT_LE(after.size(), before.size());
        ASSERT_FALSE(after.empty());
        EXPECT_TRUE(std::equal(after.begin(), after.end(), before.begin())) << stream;
    }

    void expect_within(const ClipLimits& limits) const {
        const Reading reading(output());
        const Json* video = reading.stream("video");
        ASSERT_NE(video, nullptr);
        EXPECT_NE(reading.brand().find("isom"), std::string::npos);
        EXPECT_LE(reading.longest_seconds(), limits.max_seconds.value_or(1e9) + 1e-6);
        EXPECT_GE(reading.longest_seconds(), limits.min_seconds.value_or(0));
        for (const char* side : {"width", "height"}) {
            EXPECT_GE((*video)[side], limits.min_side_px.value_or(0));
            EXPECT_LE((*video)[side], limits.max_side_px.value_or(1 << 20));
        }
        EXPECT_GE(reading.frames_per_second(), limits.min_fps.value_or(0) - 0.01);
        EXPECT_LE(reading.frames_per_second(), limits.max_fps.value_or(1e9) + 0.01);
        EXPECT_LE(fs::file_size(output()), limits.max_bytes.value_or(1 << 30));
        EXPECT_LE(reading.streams(), 2U);
    }

    void expect_index_at_front() const {
        const std::string content = content_of(output());
        EXPECT_LT(content.find("moov"), content.find("mdat"));
    }

    [[nodiscard]] Errc refusal_of(const fs::path& input, const ClipLimits& limits,
                                  const ConformOptions& options = {}) const {
        try {
            static_cast<void>(conform(input, output(), limits, options));
        } catch (const Error& error) {
            EXPECT_EQ(files_in_result(), 0) << error.what();
            return error.errc();
        }
        ADD_FAILURE() << "was accepted: " << input;
        return {};
    }

    /// Hidden ones too.
    [[nodiscard]] std::ptrdiff_t files_in_result() const {
        const fs::path where = output().parent_path();
        return fs::exists(where) ? std::distance(fs::directory_iterator(where), {}) : 0;
    }

private:
    testing::TempFolder folder_;
};

bool tells(const ConformReport& report, const std::string& what) {
    return std::ranges::find(report.changes, what, &Change::what) != report.changes.end();
}

// ---- Every kind of clip

struct ClipCase {
    const char* name;
    const char* file;
    /// For ffmpeg.
    std::string words;
    bool video_reencoded;
    bool audio_reencoded;
    FrameSize size{160, 90};
    double seconds = 1;
    bool sound = true;

    friend void PrintTo(const ClipCase& given, std::ostream* out) { *out << given.name; }
};

std::vector<ClipCase> clip_cases() {
    const std::string plain = picture("160x90", "25", 1);
    const std::string both = plain + tone(1);
    return {
        {"MatroskaH264", "in.mkv", both + kFast + "-bf 2 -c:a aac", false, false},
        {"MatroskaHevc",
         "in.mkv",
         plain + " -c:v libx265 -preset ultrafast -x265-params log-level=none",
         false,
         false,
         {160, 90},
         1,
         false},
        {"MatroskaWithFlac", "in.mkv", both + kFast + "-c:a flac", false, true},
        {"MatroskaWithSurroundSound", "in.mkv",
         both + kFast + "-af aformat=channel_layouts=5.1 -c:a flac", false, true},
        {"LongMatroska",
         "in.mkv",
         picture("160x90", "25", 3) + tone(3) + kFast + "-bf 3 -c:a aac",
         false,
         false,
         {160, 90},
         1.9},
        {"WebmVp9Opus", "in.webm",
         both + " -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus", false, true},
        {"WebmVp8Vorbis", "in.webm",
         both + " -c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis", true, true},
        {"ProRes", "in.mov", both + " -c:v prores_ks -c:a pcm_s16le", true, true},
        {"AviMpeg4Mp3", "in.avi", both + " -c:v mpeg4 -bf 2 -c:a libmp3lame", true, false},
        {"AviH264WithTwiceTheClock",
         "in.avi",
         picture("160x90", "25", 1) + kFast + "-bf 2 -enc_time_base 1/50",
         true,
         false,
         {160, 90},
         1,
         false},
        {"TransportStream", "in.ts", both + kFast + "-c:a aac", false, false},
        {"TooLarge",
         "in.mp4",
         picture("384x216", "25", 1) + tone(1) + kFast + "-c:a aac",
         true,
         false,
         {216, 122}},
        {"TooSmall",
         "in.mp4",
         picture("96x54", "25", 1) + tone(1) + kFast + "-c:a aac",
         true,
         false,
         {128, 72}},
        {"OddSize",
         "in.mkv",
         picture("250x150", "25", 1) + " -vf format=yuv444p,crop=241:135:exact=1" + kFast,
         true,
         false,
         {216, 120},
         1,
         false},
        {"Anamorphic",
         "in.mp4",
         picture("72x58", "25", 1) + " -vf setsar=64/45" + kFast,
         true,
         false,
         {126, 72},
         1,
         false},
        {"CinemaRate",
         "in.mp4",
         picture("160x90", "24000/1001", 1) + kFast,
         true,
         false,
         {160, 90},
         1,
         false},
        {"FastFrames",
         "in.mp4",
         picture("160x90", "120", 1) + kFast,
         true,
         false,
         {160, 90},
         1,
         false},
        {"SlowFrames",
         "in.mp4",
         picture("160x90", "10", 1) + kFast,
         true,
         false,
         {160, 90},
         1,
         false},
        {"VariableFrames",
         "in.mp4",
         picture("160x90", "60", 2) + " -vf select='not(mod(n\\,5))+gt(n\\,110)' -vsync vfr" +
             kFast,
         true,
         false,
         {160, 90},
         2,
         false},
        {"SoundLongerThanVideo",
         "in.mp4",
         picture("160x90", "25", 1) + tone(4) + kFast + "-c:a aac",
         false,
         false,
         {160, 90},
         1.98},
        {"SoundBeginsLater", "in.mkv", plain + " -itsoffset 0.4" + tone(0.6) + kFast + "-c:a aac",
         false, false},
        {"TenBitFrames",
         "in.mkv",
         picture("384x216", "25", 1) + kFast + "-pix_fmt yuv420p10le",
         true,
         false,
         {216, 122},
         1,
         false},
        {"RgbFrames",
         "in.mkv",
         picture("384x216", "25", 1) + " -c:v libx264rgb -preset ultrafast",
         true,
         false,
         {216, 122},
         1,
         false},
        {"HighDynamicRange",
         "in.mp4",
         picture("384x216", "25", 0.6) +
             " -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params "
             "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
         true,
         false,
         {216, 122},
         0.6,
         false},
        {"Interlaced",
         "in.mkv",
         picture("384x216", "25", 1) + " -vf setfield=tff -flags +ilme+ildct" + kFast,
         true,
         false,
         {216, 122},
         1,
         false},
        {"SeveralStreams", "in.mkv",
         both + " -map 0 -map 0 -map 1 -map 1" + kFast + "-c:a aac -metadata title=Name", false,
         false},
        {"ManyBytes",
         "in.mp4",
         picture("216x216", "60", 2) + tone(2) +
             " -vf noise=alls=60:allf=t -c:v libx264 -preset ultrafast -qp 8 -c:a aac",
         true,
         false,
         {216, 216},
         2},
    };
}

class ConformClips : public Conform, public ::testing::WithParamInterface<ClipCase> {};

TEST_P(ConformClips, PassThenAndPlay) {
    const ClipCase& given = GetParam();
    const fs::path input = clip(given.file, given.words);
    const std::string before = content_of(input);
    const ConformReport report = conform(input, output(), small_limits());

    EXPECT_TRUE(is_accepted(report.findings));
    EXPECT_FALSE(report.changes.empty());
    EXPECT_EQ(report.video_reencoded, given.video_reencoded);
    EXPECT_EQ(report.audio_reencoded, given.audio_reencoded);
    EXPECT_EQ(content_of(input), before);
    EXPECT_EQ(files_in_result(), 1);
    expect_within(small_limits());
    expect_index_at_front();
    EXPECT_EQ(complaints_about(output()), "");

    const Reading reading(output());
    EXPECT_NEAR(reading.longest_seconds(), given.seconds, 0.11);
    EXPECT_EQ((*reading.stream("video"))["width"], given.size.width);
    EXPECT_EQ((*reading.stream("video"))["height"], given.size.height);
    EXPECT_EQ(reading.stream("audio") != nullptr, given.sound);
    if (given.video_reencoded) {
        EXPECT_EQ((*reading.stream("video"))["codec_name"], "h264");
        EXPECT_EQ((*reading.stream("video"))["pix_fmt"], "yuv420p");
        EXPECT_EQ((*reading.stream("video"))["sample_aspect_ratio"], "1:1");
    } else if (fs::path(given.file).extension() != ".ts") {
        // A transport stream marks the beginnings of units in another way.
        expect_copied(input, "v:0");
    }
    if (given.sound && !given.audio_reencoded && fs::path(given.file).extension() != ".ts") {
        expect_copied(input, "a:0");
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ConformClips, ::testing::ValuesIn(clip_cases()),
                         [](const auto& instance) { return instance.param.name; });

// ---- Copies

TEST_F(Conform, CopiesWhatFitsByteForByte) {
    const fs::path input =
        clip("in.mp4", picture("160x90", "25", 1) + tone(1) + kFast + "-c:a aac");
    const ConformReport report = conform(input, output(), small_limits());
    EXPECT_TRUE(report.changes.empty());
    EXPECT_FALSE(report.video_reencoded || report.audio_reencoded);
    EXPECT_EQ(content_of(output()), content_of(input));
    EXPECT_EQ(files_in_result(), 1);
}

TEST_F(Conform, KeepsTheTurnOfAClipThatIsOnlyPackedAnew) {
    const fs::path upright = clip("up.mp4", picture("160x90", "25", 1) + kFast);
    const fs::path input =
        clip("in.mov", "-i '" + upright.string() + "' -c copy -metadata:s:v rotate=90");
    const ConformReport report = conform(input, output(), small_limits());
    EXPECT_FALSE(report.video_reencoded);
    EXPECT_EQ(report.after.rotation_degrees, report.before.rotation_degrees);
    EXPECT_EQ(report.after.display_size, (FrameSize{90, 160}));
    EXPECT_TRUE(Reading(output()).is_turned());
}

TEST_F(Conform, BakesTheTurnIn) {
    // Red at the top left, as stored.
    const fs::path stored = clip("stored.mp4",
                                 "-f lavfi -i color=white:size=256x144:rate=25:duration=0.6 "
                                 "-vf drawbox=w=128:h=72:color=red:t=fill" +
                                     std::string(kFast));
    struct Corner {
        int degrees;
        int x;
        int y;
    };
    ClipLimits limits = small_limits();
    // ffmpeg's word turns anticlockwise: the clip is shown turned so far clockwise.
    for (const Corner& corner :
         {Corner{270, 100, 20}, Corner{180, 180, 100}, Corner{90, 20, 180}}) {
        SCOPED_TRACE(corner.degrees);
        const fs::path input =
            clip("in.mp4", "-i '" + stored.string() +
                               "' -c copy -metadata:s:v rotate=" + std::to_string(corner.degrees));
        const ConformReport report = conform(input, output(), limits, {.overwrite = true});
        EXPECT_TRUE(tells(report, "rotation"));
        EXPECT_FALSE(Reading(output()).is_turned());
        EXPECT_EQ(report.after.display_size,
                  corner.degrees == 180 ? (FrameSize{216, 122}) : (FrameSize{122, 216}));
        const fs::path pixel = folder() / "pixel";
        make_clip("-i '" + output().string() +
                      "' -frames:v 1 -vf crop=2:2:" + std::to_string(corner.x * 216 / 256) + ':' +
                      std::to_string(corner.y * 216 / 256) + " -pix_fmt rgb24 -f rawvideo",
                  pixel);
        const std::string rgb = content_of(pixel);
        EXPECT_GT(static_cast<unsigned char>(rgb.at(0)), 200);
        EXPECT_LT(static_cast<unsigned char>(rgb.at(1)), 60);
    }
}

/// The matrix in the header of the only track.
void set_display_matrix(const fs::path& path, const std::array<int, 4>& turn) {
    std::string content = content_of(path);
    const std::size_t matrix = content.find("tkhd") + 44;
    const std::array<std::size_t, 4> places{0, 4, 12, 16};
    for (std::size_t i = 0; i < places.size(); ++i) {
        content.replace(matrix + places[i], 4,
                        testing::u32(static_cast<std::uint32_t>(turn[i] * 0x10000)));
    }
    std::ofstream(path, std::ios::binary) << content;
}

/// How like the pictures of two clips are, as ffmpeg shows them: the least of all frames, in dB.
double likeness(const fs::path& one, const fs::path& other, const testing::TempFolder& folder) {
    const fs::path list = folder / "likeness";
    make_clip("-i '" + one.string() + "' -i '" + other.string() +
                  "' -lavfi psnr=stats_file=" + list.string() + " -f null",
              folder / "nothing");
    double least = 1000;
    std::ifstream lines(list);
    const std::string name = "psnr_avg:";
    for (std::string line; std::getline(lines, line);) {
        const std::string value = line.substr(line.find(name) + name.size());
        least = value.starts_with("inf") ? least : std::min(least, std::stod(value));
    }
    return fs::file_size(list) == 0 ? 0 : least;
}

TEST_F(Conform, MirrorsAndTurnsAsPlayersDo) {
    struct Case {
        const char* name;
        std::array<int, 4> matrix;
        bool mirrored;
        int degrees;
    };
    ClipLimits limits = small_limits();
    limits.codecs = {"h264"};
    for (const Case& c :
         {Case{"upright", {1, 0, 0, 1}, false, 0}, Case{"quarter", {0, 1, -1, 0}, false, 90},
          Case{"half", {-1, 0, 0, -1}, false, 180},
          Case{"three quarters", {0, -1, 1, 0}, false, 270},
          Case{"left to right", {-1, 0, 0, 1}, true, 0},
          Case{"about one diagonal", {0, -1, -1, 0}, true, 90},
          Case{"upside down", {1, 0, 0, -1}, true, 180},
          Case{"about the other", {0, 1, 1, 0}, true, 270}}) {
        SCOPED_TRACE(c.name);
        const fs::path input =
            clip("in.mp4",
                 "-f lavfi -i testsrc=size=160x96:rate=25:duration=0.6 -pix_fmt yuv420p "
                 "-c:v mpeg4 -q:v 2");
        set_display_matrix(input, c.matrix);
        const ConformReport report = conform(input, output(), limits, {.overwrite = true});
        EXPECT_EQ(report.before.mirrored, c.mirrored);
        EXPECT_EQ(report.before.rotation_degrees, c.degrees);
        EXPECT_EQ(tells(report, "rotation"), c.mirrored || c.degrees != 0);
        EXPECT_FALSE(report.after.mirrored);
        EXPECT_FALSE(Reading(output()).is_turned());
        EXPECT_GT(likeness(input, output(), folder()), 40);
    }
}

TEST_F(Conform, ConvertsTheVideoThatWasJudged) {
    const fs::path input =
        clip("in.mkv",
             "-f lavfi -i testsrc=size=128x72:rate=25:duration=0.6 "
             "-f lavfi -i color=red:size=256x144:rate=25:duration=0.6 -map 0 -map 1 "
             "-disposition:v:0 0 -disposition:v:1 default -pix_fmt yuv420p" +
                 std::string(kFast));
    for (const int max_side : {216, 256}) {
        SCOPED_TRACE(max_side);
        ClipLimits limits = small_limits();
        limits.max_side_px = max_side;
        const ConformReport report = conform(input, output(), limits, {.overwrite = true});
        EXPECT_EQ(report.before.display_size, (FrameSize{256, 144}));
        EXPECT_EQ(report.video_reencoded, max_side < 256);
        EXPECT_EQ(report.after.display_size.width, max_side);
        const fs::path pixel = folder() / "pixel";
        make_clip("-i '" + output().string() +
                      "' -frames:v 1 -vf crop=2:2:20:20 -pix_fmt rgb24 -f rawvideo",
                  pixel);
        const std::string rgb = content_of(pixel);
        EXPECT_GT(static_cast<unsigned char>(rgb.at(0)), 200);
        EXPECT_LT(static_cast<unsigned char>(rgb.at(1)), 60);
    }
}

// ---- Cuts

TEST_F(Conform, TellsOfNoCutWhereAllOfALiveRecordingIsKept) {
    for (const double seconds : {1.0, 3.0}) {
        for (const int max_side : {216, 100}) {
            SCOPED_TRACE(std::to_string(seconds) + " s, " + std::to_string(max_side));
            const fs::path input = clip("in.mkv", picture("160x90", "25", seconds) + tone(seconds) +
                                                      kFast + "-c:a aac -live 1");
            ClipLimits limits = small_limits();
            limits.max_side_px = max_side;
            limits.min_side_px = 16;
            const ConformReport report = conform(input, output(), limits, {.overwrite = true});
            EXPECT_FALSE(report.before.duration);
            EXPECT_EQ(report.video_reencoded, max_side == 100);
            EXPECT_EQ(tells(report, "duration"), seconds > 2);
        }
    }
}

TEST_F(Conform, BeginsAtTheStart) {
    // A second of black, then white.
    const fs::path input =
        clip("in.mkv",
             "-f lavfi -i color=black:size=160x90:rate=25:duration=2 "
             "-f lavfi -i sine=duration=2 -vf drawbox=color=white:t=fill:enable='gte(t\\,1)'" +
                 std::string(kFast) + "-c:a aac");
    const ConformReport report =
        conform(input, output(), small_limits(), {.start = milliseconds(1000)});
    EXPECT_TRUE(report.video_reencoded);
    EXPECT_NEAR(Reading(output()).longest_seconds(), 1, 0.06);
    const fs::path pixel = folder() / "pixel";
    make_clip(
        "-i '" + output().string() + "' -frames:v 1 -vf crop=2:2:80:40 -pix_fmt gray -f rawvideo",
        pixel);
    EXPECT_GT(static_cast<unsigned char>(content_of(pixel).at(0)), 200);
    EXPECT_EQ(complaints_about(output()), "");

    fs::remove(output());
    EXPECT_EQ(refusal_of(input, small_limits(), {.start = milliseconds(3000)}),
              Errc::invalid_argument);
    EXPECT_EQ(refusal_of(input, small_limits(), {.start = milliseconds(1800)}),
              Errc::cannot_conform);
}

TEST_F(Conform, NeverPassesTheLimitOnSeconds) {
    const fs::path input =
        clip("in.mkv", picture("160x90", "30000/1001", 3) + tone(3) + kFast + "-bf 2 -c:a flac");
    for (const double limit : {0.71, 1.0, 1.501, 2.0}) {
        SCOPED_TRACE(limit);
        ClipLimits limits = small_limits();
        limits.max_seconds = limit;
        const ConformReport report = conform(input, output(), limits, {.overwrite = true});
        const double longest = Reading(output()).longest_seconds();
        EXPECT_LE(longest, limit);
        EXPECT_GE(longest, limit - 0.2);
        EXPECT_EQ(complaints_about(output()), "");
    }
}

TEST_F(Conform, AddsBarsWhenAllowed) {
    const fs::path input = clip("in.mp4", picture("400x80", "25", 0.6) + kFast);
    EXPECT_EQ(refusal_of(input, small_limits()), Errc::cannot_conform);
    const ConformReport report = conform(input, output(), small_limits(), {.pad = true});
    EXPECT_TRUE(tells(report, "size"));
    expect_within(small_limits());
}

// ---- What cannot be done leaves nothing

TEST_F(Conform, RefusesAndLeavesNothing) {
    const fs::path brief = clip("brief.mp4", picture("160x90", "25", 0.2) + kFast);
    EXPECT_EQ(refusal_of(brief, small_limits()), Errc::cannot_conform);
    EXPECT_EQ(refusal_of(folder() / "none.mp4", small_limits()), Errc::file_not_found);
    std::ofstream(folder() / "text.mp4") << "no clip";
    EXPECT_EQ(refusal_of(folder() / "text.mp4", small_limits()), Errc::unsupported_format);
    ClipLimits few_bytes = small_limits();
    few_bytes.max_bytes = 900;
    const fs::path fine = clip("fine.mp4", picture("160x90", "25", 1) + kFast);
    EXPECT_EQ(refusal_of(fine, few_bytes), Errc::cannot_conform);
}

TEST_F(Conform, KeepsExistingFilesUnlessTold) {
    const fs::path input = clip("in.mkv", picture("160x90", "25", 0.6) + kFast);
    fs::create_directories(output().parent_path());
    std::ofstream(output()) << "mine";
    EXPECT_THROW(static_cast<void>(conform(input, output(), small_limits())), Error);
    EXPECT_EQ(content_of(output()), "mine");
    EXPECT_EQ(files_in_result(), 1);
    static_cast<void>(conform(input, output(), small_limits(), {.overwrite = true}));
    EXPECT_NE(content_of(output()), "mine");
    EXPECT_EQ(files_in_result(), 1);
}

TEST_F(Conform, NeverWritesOntoItsInput) {
    const fs::path input = clip("in.mp4", picture("160x90", "25", 1) + kFast);
    const std::string before = content_of(input);
    fs::create_hard_link(input, folder() / "other name.mp4");
    fs::create_symlink(input, folder() / "link.mp4");
    for (const char* name : {"in.mp4", "other name.mp4", "link.mp4"}) {
        try {
            static_cast<void>(conform(input, folder() / name, small_limits(), {.overwrite = true}));
            ADD_FAILURE() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_argument);
        }
    }
    EXPECT_EQ(content_of(input), before);
}

TEST_F(Conform, StopsWhenToldTo) {
    const fs::path input =
        clip("in.mp4", picture("1280x720", "25", 1.5) + kFast + "-pix_fmt yuv420p");
    std::atomic<bool> cancel{false};
    double last = 0;
    ConformOptions options{.progress =
                               [&](double fraction) {
                                   EXPECT_GE(fraction, last);
                                   last = fraction;
                                   cancel = true;
                               },
                           .cancel = &cancel};
    ClipLimits limits = small_limits();
    limits.max_side_px = 1000;
    EXPECT_EQ(refusal_of(input, limits, options), Errc::cancelled);
    cancel = true;
    EXPECT_EQ(refusal_of(input, limits, options), Errc::cancelled);
}

TEST_F(Conform, TellsHowFarItIs) {
    const fs::path input = clip("in.mp4", picture("384x216", "25", 1) + kFast);
    std::vector<double> fractions;
    static_cast<void>(conform(input, output(), small_limits(),
                              {.progress = [&](double f) { fractions.push_back(f); }}));
    ASSERT_FALSE(fractions.empty());
    EXPECT_TRUE(std::ranges::is_sorted(fractions));
    EXPECT_EQ(fractions.back(), 1);
}

TEST_F(Conform, ErrorsOfTheProgressPassThrough) {
    const fs::path input =
        clip("in.mp4", picture("1280x720", "25", 1.5) + kFast + "-pix_fmt yuv420p");
    ClipLimits limits = small_limits();
    limits.max_side_px = 1000;
    const ConformOptions options{.progress = [](double) { throw std::out_of_range("mine"); }};
    EXPECT_THROW(static_cast<void>(conform(input, output(), limits, options)), std::out_of_range);
    EXPECT_FALSE(fs::exists(output()));
}

// ---- Damage

TEST_F(Conform, ToleratesADamagedMiddle) {
    const fs::path input =
        clip("in.mkv", picture("384x216", "25", 1.5) + kFast + "-g 5 -x264-params slices=1");
    std::string content = content_of(input);
    for (std::size_t i = content.size() / 2; i < content.size() / 2 + 3000; ++i) {
        content[i] = static_cast<char>(i * 131);
    }
    std::ofstream(input, std::ios::binary) << content;
    const ConformReport report = conform(input, output(), small_limits());
    EXPECT_TRUE(tells(report, "damage"));
    EXPECT_EQ(complaints_about(output()), "");
}

TEST_F(Conform, RefusesFramesThatCannotBeDecoded) {
    const fs::path input =
        clip("in.mp4", picture("384x216", "25", 1) + kFast + "-movflags +faststart");
    std::string content = content_of(input);
    const std::size_t media = content.find("mdat") + 4;
    std::fill(content.begin() + static_cast<std::ptrdiff_t>(media), content.end(), '\0');
    std::ofstream(input, std::ios::binary) << content;
    EXPECT_EQ(refusal_of(input, small_limits()), Errc::decode_failed);
}

// ---- Foretelling

TEST_F(Conform, ForetellsWithoutWriting) {
    const fs::path input =
        clip("in.mkv", picture("384x216", "120", 3) + tone(3) + kFast + "-c:a aac");
    const ConformReport foretold = plan_conform(input, output(), small_limits());
    EXPECT_FALSE(fs::exists(output().parent_path()));
    const ConformReport done = conform(input, output(), small_limits());
    EXPECT_EQ(foretold.video_reencoded, done.video_reencoded);
    EXPECT_EQ(foretold.after.display_size, done.after.display_size);
    EXPECT_EQ(foretold.after.container, done.after.container);
    ASSERT_EQ(foretold.changes.size(), done.changes.size());
    for (std::size_t i = 0; i < done.changes.size(); ++i) {
        EXPECT_EQ(foretold.changes[i].what, done.changes[i].what);
    }
}

}  // namespace
}  // namespace editprep::video
