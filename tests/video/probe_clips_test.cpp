#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "clip_maker.hpp"
#include "editprep/video/preflight.hpp"
#include "editprep/video/probe.hpp"
#include "file_content.hpp"
#include "temp_folder.hpp"

/// Clips as people have them, made by the ffmpeg program: every fact and every verdict is compared
/// with what ffprobe reads, by the simplest code that tells them.
namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ffprobe_json;
using testing::make_clip;

constexpr std::int64_t kMegabyte = 1024 * 1024;

ClipLimits o3_limits() {
    ClipLimits limits;
    limits.model = "fal-ai/kling-video/o3/pro/video-to-video/edit";
    limits.containers = {"mp4", "mov"};
    limits.min_seconds = 3;
    limits.max_seconds = 10;
    limits.min_side_px = 720;
    limits.max_side_px = 2160;
    limits.max_bytes = 200 * kMegabyte;
    return limits;
}

ClipLimits o1_limits() {
    ClipLimits limits = o3_limits();
    limits.model = "fal-ai/kling-video/o1/video-to-video/edit";
    limits.max_seconds = 10.05;
    limits.min_fps = 24;
    limits.max_fps = 60;
    return limits;
}

/// A clip of one colour, which costs little to encode.
std::string plain(const std::string& size, const std::string& rate, const std::string& seconds) {
    return "-f lavfi -i color=c=gray:size=" + size + ":rate=" + rate + ":duration=" + seconds + " ";
}

/// The same with full chroma, which odd sides want.
std::string plain_full(const std::string& size, const std::string& rate,
                       const std::string& seconds) {
    return "-f lavfi -i color=c=gray:size=" + size + ":rate=" + rate + ":duration=" + seconds +
           ",format=yuv444p ";
}

std::string tone(const std::string& seconds) {
    return "-f lavfi -i sine=sample_rate=48000:duration=" + seconds + " ";
}

const std::string kX264 = "-c:v libx264 -preset ultrafast -crf 40 ";

const std::string kX265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none ";

struct Recipe {
    std::string file;
    /// Of ffmpeg; `@name` stands for a clip that was made before.
    std::string words;
};

/// Encoded from nothing.
std::vector<Recipe> sources() {
    return {
        {"h264.mp4", plain("720x720", "24", "5") + tone("5") + kX264 + "-c:a aac -shortest"},
        {"silent.mp4", plain("720x720", "30", "4") + kX264},
        {"hevc.mp4", plain("720x720", "25", "3.2") + kX265 + "-tag:v hvc1"},
        {"hdr_pq.mp4", plain("720x720", "25", "3.2") + kX265 +
                           "-pix_fmt yuv420p10le -tag:v hvc1 -color_primaries bt2020 "
                           "-color_trc smpte2084 -colorspace bt2020nc"},
        {"hdr_hlg.mov", plain("720x720", "25", "3.2") + kX265 +
                            "-pix_fmt yuv420p10le -tag:v hvc1 -color_primaries bt2020 "
                            "-color_trc arib-std-b67 -colorspace bt2020nc"},
        {"prores.mov", plain("720x720", "24", "3.5") + "-c:v prores -profile:v 2"},
        {"prores_4444.mov",
         plain("720x720", "24", "3.5") + "-c:v prores -profile:v 4 -pix_fmt yuv444p10le"},
        {"av1.mp4", plain("720x720", "24", "3.5") + "-c:v libsvtav1 -preset 12"},
        {"vp9.webm",
         plain("720x720", "24", "3.5") + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"},
        {"vp9.mp4",
         plain("720x720", "24", "3.5") + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"},
        {"vp8.webm", plain("720x720", "24", "3.5") + tone("3.5") +
                         "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus"},
        {"mpeg4.avi", plain("720x720", "25", "4") + tone("4") + "-c:v mpeg4 -c:a mp3"},
        {"high10.mp4", plain("720x720", "24", "3.5") + kX264 + "-pix_fmt yuv420p10le"},
        {"ntsc24.mp4", plain("720x720", "24000/1001", "4") + kX264},
        {"ntsc30.mp4", plain("720x720", "30000/1001", "4") + kX264},
        {"ntsc60.mp4", plain("720x720", "60000/1001", "4") + kX264},
        {"fps60.mp4", plain("720x720", "60", "4") + kX264},
        {"fps120.mp4", plain("720x720", "120", "3") + kX264},
        {"fps15.mp4", plain("720x720", "15", "4") + kX264},
        {"variable.mp4", plain("720x720", "60", "6") +
                             "-vf select='lt(n\\,120)+not(mod(n\\,2))' -vsync vfr " + kX264},
        {"variable.mkv", plain("720x720", "60", "6") +
                             "-vf select='lt(n\\,120)+not(mod(n\\,2))' -vsync vfr " + kX264},
        {"anamorphic.mp4", plain("1440x1080", "24", "3.5") + "-vf setsar=4/3 " + kX264},
        {"anamorphic_wide.mp4", plain("1920x1080", "24", "3.5") + "-vf setsar=2/1 " + kX264},
        {"anamorphic.mkv", plain("640x720", "24", "3.5") + "-vf setsar=2/1 " + kX264},
        {"audio_longer.mp4", plain("720x720", "24", "5") + tone("11") + kX264 + "-c:a aac"},
        {"audio_shorter.mov", plain("720x720", "24", "5") + tone("2") + kX264 + "-c:a pcm_s16le"},
        {"two_videos.mp4", plain("720x720", "24", "4") + plain("640x360", "24", "4") + tone("4") +
                               tone("4") + "-map 0 -map 1 -map 2 -map 3 " + kX264 + "-c:a aac"},
        {"second_video_shown.mkv", plain("640x360", "24", "4") + plain("720x720", "24", "4") +
                                       "-map 0 -map 1 -disposition:v:0 0 "
                                       "-disposition:v:1 default " +
                                       kX264},
        {"cover.png", "-f lavfi -i color=size=300x300 -frames:v 1"},
        {"2.99s.mp4", plain("720x720", "9000/299", "2.99") + kX264},
        {"3.00s.mp4", plain("720x720", "24", "3") + kX264},
        {"10.00s.mp4", plain("720x720", "24", "10") + kX264},
        {"10.04s.mp4", plain("720x720", "25", "10.04") + kX264},
        {"10.05s.mp4", plain("720x720", "40", "10.05") + kX264},
        {"10.06s.mp4", plain("720x720", "50", "10.06") + kX264},
        {"719x720.mp4", plain_full("719x720", "24", "3.5") + kX264},
        {"720x719.mp4", plain_full("720x719", "24", "3.5") + kX264},
        {"721x723.mp4", plain_full("721x723", "24", "3.5") + kX264},
        {"2160x2160.mp4", plain("2160x2160", "24", "3") + kX264},
        {"2161x720.mp4", plain_full("2161x720", "24", "3.5") + kX264},
        {"720x2161.mp4", plain_full("720x2161", "24", "3.5") + kX264},
        {"3840x2160.mkv", plain("3840x2160", "6", "3.5") + kX264},
    };
}

/// The same streams in another way; each must fit after the sources.
std::vector<Recipe> variants() {
    return {
        {"faststart.mp4", "-i @h264.mp4 -c copy -movflags +faststart"},
        {"h264.mov", "-i @h264.mp4 -c copy"},
        {"faststart.mov", "-i @h264.mp4 -c copy -movflags +faststart"},
        {"h264.mkv", "-i @h264.mp4 -c copy"},
        {"h264.avi", "-i @h264.mp4 -c copy"},
        {"h264.ts", "-i @h264.mp4 -c copy"},
        {"hevc.mkv", "-i @hevc.mp4 -c copy"},
        {"hdr_pq.mkv", "-i @hdr_pq.mp4 -c copy"},
        {"av1.mkv", "-i @av1.mp4 -c copy"},
        {"fragmented.mp4", "-i @silent.mp4 -c copy -movflags +frag_keyframe+empty_moov"},
        {"fragmented.mov", "-i @silent.mp4 -c copy -movflags +frag_keyframe -frag_duration 500000"},
        {"dash.mp4", "-i @silent.mp4 -c copy -movflags +dash+frag_keyframe+empty_moov"},
        {"edit_list.mp4", "-ss 1.3 -i @h264.mp4 -c copy"},
        {"edit_list_offset.mp4", "-itsoffset 0.5 -i @h264.mp4 -c copy"},
        {"turned_90.mp4", "-i @ntsc30.mp4 -c copy -metadata:s:v rotate=90"},
        {"turned_180.mp4", "-i @ntsc30.mp4 -c copy -metadata:s:v rotate=180"},
        {"turned_270.mov", "-i @ntsc30.mp4 -c copy -metadata:s:v rotate=270"},
        {"turned_anamorphic.mp4", "-i @anamorphic_wide.mp4 -c copy -metadata:s:v rotate=90"},
        {"covered.mp4",
         "-i @h264.mp4 -i @cover.png -map 1 -map 0 -c copy "
         "-disposition:v:0 attached_pic"},
        {"timecode.mov", "-i @h264.mp4 -c copy -timecode 01:00:00:00"},
        {"mov_named_mp4.mp4", "-i @h264.mp4 -c copy -f mov"},
        {"mp4_named_mov.mov", "-i @h264.mp4 -c copy -f mp4"},
        {"matroska_named_mp4.mp4", "-i @h264.mp4 -c copy -f matroska"},
    };
}

struct Expectation {
    const char* file;
    const char* container;
    /// The names of the checks that refuse the clip, for O3 and for O1.
    const char* o3;
    const char* o1;
};

constexpr Expectation kTable[] = {
    {"h264.mp4", "mp4", "", ""},
    {"silent.mp4", "mp4", "", ""},
    {"hevc.mp4", "mp4", "", ""},
    {"hdr_pq.mp4", "mp4", "", ""},
    {"hdr_hlg.mov", "mov", "", ""},
    {"prores.mov", "mov", "", ""},
    {"prores_4444.mov", "mov", "", ""},
    {"av1.mp4", "mp4", "", ""},
    {"vp9.webm", "webm", "container", "container"},
    {"vp9.mp4", "mp4", "", ""},
    {"vp8.webm", "webm", "container", "container"},
    {"mpeg4.avi", "avi", "container", "container"},
    {"high10.mp4", "mp4", "", ""},
    {"ntsc24.mp4", "mp4", "", "frame_rate"},
    {"ntsc30.mp4", "mp4", "", ""},
    {"ntsc60.mp4", "mp4", "", ""},
    {"fps60.mp4", "mp4", "", ""},
    {"fps120.mp4", "mp4", "", "frame_rate"},
    {"fps15.mp4", "mp4", "", "frame_rate"},
    {"variable.mp4", "mp4", "", ""},
    {"variable.mkv", "matroska", "container", "container"},
    {"anamorphic.mp4", "mp4", "", ""},
    {"anamorphic_wide.mp4", "mp4", "width", "width"},
    {"anamorphic.mkv", "matroska", "container", "container"},
    {"audio_longer.mp4", "mp4", "duration", "duration"},
    {"audio_shorter.mov", "mov", "", ""},
    {"two_videos.mp4", "mp4", "", ""},
    {"second_video_shown.mkv", "matroska", "container", "container"},
    {"2.99s.mp4", "mp4", "duration", "duration"},
    {"3.00s.mp4", "mp4", "", ""},
    {"10.00s.mp4", "mp4", "", ""},
    {"10.04s.mp4", "mp4", "duration", ""},
    {"10.05s.mp4", "mp4", "duration", ""},
    {"10.06s.mp4", "mp4", "duration", "duration"},
    {"719x720.mp4", "mp4", "width", "width"},
    {"720x719.mp4", "mp4", "height", "height"},
    {"721x723.mp4", "mp4", "", ""},
    {"2160x2160.mp4", "mp4", "", ""},
    {"2161x720.mp4", "mp4", "width", "width"},
    {"720x2161.mp4", "mp4", "height", "height"},
    {"3840x2160.mkv", "matroska", "container width", "container width frame_rate"},
    {"faststart.mp4", "mp4", "", ""},
    {"h264.mov", "mov", "", ""},
    {"faststart.mov", "mov", "", ""},
    {"h264.mkv", "matroska", "container", "container"},
    {"h264.avi", "avi", "container", "container"},
    {"h264.ts", "mpegts", "container", "container"},
    {"hevc.mkv", "matroska", "container", "container"},
    {"hdr_pq.mkv", "matroska", "container", "container"},
    {"av1.mkv", "matroska", "container", "container"},
    {"fragmented.mp4", "mp4", "", ""},
    {"fragmented.mov", "mov", "", ""},
    {"dash.mp4", "mp4", "", ""},
    {"edit_list.mp4", "mp4", "", ""},
    {"edit_list_offset.mp4", "mp4", "", ""},
    {"turned_90.mp4", "mp4", "", ""},
    {"turned_180.mp4", "mp4", "", ""},
    {"turned_270.mov", "mov", "", ""},
    {"turned_anamorphic.mp4", "mp4", "height", "height"},
    {"covered.mp4", "mp4", "", ""},
    {"timecode.mov", "mov", "", ""},
    {"mov_named_mp4.mp4", "mov", "", ""},
    {"mp4_named_mov.mov", "mp4", "", ""},
    {"matroska_named_mp4.mp4", "matroska", "container", "container"},
    {"199MB.mp4", "mp4", "", ""},
    {"200MB.mp4", "mp4", "", ""},
    {"200MB_and_a_byte.mp4", "mp4", "file_size", "file_size"},
    {"201MB.mp4", "mp4", "file_size", "file_size"},
};

/// What ffprobe says, as far as it matters here.
class FfprobeReading {
public:
    explicit FfprobeReading(const fs::path& file) : reading_(json::parse(ffprobe_json(file))) {
        for (const json& stream : reading_.at("streams")) {
            const json& disposition = stream.at("disposition");
            if (stream.value("codec_type", "") == "audio") {
                audios_.push_back(stream);
            } else if (stream.value("codec_type", "") == "video" &&
                       disposition.at("attached_pic") == 0 &&
                       disposition.at("timed_thumbnails") == 0) {
                videos_.push_back(stream);
            }
        }
        const auto shown = std::ranges::find_if(videos_, [](const json& stream) {
            return stream.at("disposition").at("default") == 1;
        });
        video_ = shown != videos_.end() ? *shown : videos_.at(0);
    }

    [[nodiscard]] const json& video() const { return video_; }
    [[nodiscard]] const std::vector<json>& videos() const { return videos_; }
    [[nodiscard]] const std::vector<json>& audios() const { return audios_; }
    [[nodiscard]] std::int64_t file_size() const {
        return std::stoll(reading_.at("format").at("size").get<std::string>());
    }

    [[nodiscard]] double longest() const {
        double longest = seconds_of(reading_.at("format"));
        for (const json& stream : audios_) {
            longest = std::max(longest, seconds_of(stream));
        }
        return std::max(longest, seconds_of(video_));
    }

    /// Clockwise.
    [[nodiscard]] int rotation() const {
        for (const json& side : video_.value("side_data_list", json::array())) {
            if (side.contains("rotation")) {
                return (360 - side.at("rotation").get<int>()) % 360;
            }
        }
        return 0;
    }

    [[nodiscard]] FrameSize displayed() const {
        int width = video_.at("width");
        int height = video_.at("height");
        int across = 1;
        int down = 1;
        char colon = 0;
        std::istringstream(video_.value("sample_aspect_ratio", "1:1")) >> across >> colon >> down;
        width = static_cast<int>(std::lround(static_cast<double>(width) * across / down));
        return rotation() % 180 == 0 ? FrameSize{width, height} : FrameSize{height, width};
    }

    [[nodiscard]] FrameRate rate() const {
        FrameRate rate;
        char slash = 0;
        std::istringstream(video_.at("avg_frame_rate").get<std::string>()) >> rate.numerator >>
            slash >> rate.denominator;
        return rate;
    }

    [[nodiscard]] int bit_depth() const {
        const std::string format = video_.at("pix_fmt");
        return format.ends_with("12le") ? 12 : format.ends_with("10le") ? 10 : 8;
    }

    [[nodiscard]] DynamicRange dynamic_range() const {
        const std::string transfer = video_.value("color_transfer", "");
        return transfer == "smpte2084"      ? DynamicRange::pq
               : transfer == "arib-std-b67" ? DynamicRange::hlg
                                            : DynamicRange::sdr;
    }

    /// The names of the checks that must refuse the clip.
    [[nodiscard]] std::string verdict(const std::string& container, double max_seconds,
                                      bool rate_is_limited) const {
        std::string names;
        const auto refuse_if = [&names](bool wrong, const char* name) {
            names += wrong ? (names.empty() ? "" : " ") + std::string(name) : "";
        };
        const FrameSize size = displayed();
        refuse_if(container != "mp4" && container != "mov", "container");
        refuse_if(longest() < 3 || longest() > max_seconds, "duration");
        refuse_if(size.width < 720 || size.width > 2160, "width");
        refuse_if(size.height < 720 || size.height > 2160, "height");
        const double fps = rate().per_second();
        refuse_if(rate_is_limited && (fps < 24 || fps > 60), "frame_rate");
        refuse_if(file_size() > 200 * kMegabyte, "file_size");
        return names;
    }

private:
    [[nodiscard]] static double seconds_of(const json& part) {
        return std::stod(part.value("duration", "0"));
    }

    json reading_;
    json video_;
    std::vector<json> videos_;
    std::vector<json> audios_;
};

/// Clips of these recipes, each made when it is first asked for.
class Clips {
public:
    Clips() {
        for (const auto& recipes : {sources(), variants()}) {
            for (const Recipe& recipe : recipes) {
                words_[recipe.file] = recipe.words;
            }
        }
    }

    [[nodiscard]] fs::path file(const std::string& name) {
        const fs::path path = folder_ / name;
        if (!fs::exists(path)) {
            if (const auto size = kLargeClips.find(name); size != kLargeClips.end()) {
                make_large(path, size->second);
            } else {
                make(name);
            }
        }
        return path;
    }

    /// As many ffmpegs at once as there are cores to speak of.
    void make_all() {
        for (const auto& recipes : {sources(), variants()}) {
            std::atomic<std::size_t> next = 0;
            const auto work = [&] {
                for (std::size_t i = next++; i < recipes.size(); i = next++) {
                    make_clip(with_paths(recipes[i].words), folder_ / recipes[i].file);
                }
            };
            auto other = std::async(std::launch::async, work);
            work();
            other.get();
        }
    }

private:
    inline static const std::map<std::string, std::int64_t> kLargeClips{
        {"199MB.mp4", 199 * kMegabyte},
        {"200MB.mp4", 200 * kMegabyte},
        {"201MB.mp4", 201 * kMegabyte},
        {"200MB_and_a_byte.mp4", 200 * kMegabyte + 1},
    };

    void make(const std::string& name) {
        std::istringstream words(words_.at(name));
        for (std::string word; words >> word;) {
            if (word.starts_with('@')) {
                static_cast<void>(file(word.substr(1)));
            }
        }
        make_clip(with_paths(words_.at(name)), folder_ / name);
    }

    [[nodiscard]] std::string with_paths(const std::string& words) const {
        std::string text;
        for (const char character : words) {
            text += character == '@' ? (folder_ / "").string() : std::string(1, character);
        }
        return text;
    }

    /// A clip with a hole behind it, in a box that means nothing.
    void make_large(const fs::path& path, std::int64_t size) {
        fs::copy_file(file("h264.mp4"), path);
        const auto hole =
            static_cast<std::uint32_t>(size - static_cast<std::int64_t>(fs::file_size(path)));
        std::ofstream out(path, std::ios::binary | std::ios::app);
        for (const int shift : {24, 16, 8, 0}) {
            out.put(static_cast<char>(hole >> shift & 0xFFU));
        }
        out << "free";
        out.close();
        fs::resize_file(path, static_cast<std::uintmax_t>(size));
    }

    testing::TempFolder folder_;
    std::map<std::string, std::string> words_{};
};

std::string refusals(const MediaInfo& info, const ClipLimits& limits) {
    std::string names;
    for (const Finding& finding : preflight(info, limits)) {
        if (finding.severity == Severity::error) {
            names += (names.empty() ? "" : " ") + std::string(name_of(finding.check));
        }
    }
    return names;
}

class ProbeClips : public ::testing::Test {
protected:
    [[nodiscard]] fs::path clip(const char* name) { return clips_.file(name); }
    [[nodiscard]] MediaInfo facts(const char* name) { return probe(clip(name)); }
    void make_all() { clips_.make_all(); }

private:
    Clips clips_{};
};

void expect_same_facts(const MediaInfo& info, const FfprobeReading& reading) {
    ASSERT_TRUE(info.duration);
    EXPECT_NEAR(static_cast<double>(info.duration->count()) / 1e6, reading.longest(), 2e-6);
    EXPECT_EQ(info.coded_size.width, reading.video().at("width"));
    EXPECT_EQ(info.coded_size.height, reading.video().at("height"));
    EXPECT_EQ(info.rotation_degrees, reading.rotation());
    EXPECT_EQ(info.display_size, reading.displayed());
    EXPECT_EQ(info.frame_rate, reading.rate());
    EXPECT_EQ(info.codec, reading.video().at("codec_name"));
    if (!info.codec_profile.empty()) {
        EXPECT_EQ(info.codec_profile, reading.video().at("profile"));
    }
    if (info.bit_depth) {
        EXPECT_EQ(*info.bit_depth, reading.bit_depth());
    }
    if (info.dynamic_range) {
        EXPECT_EQ(*info.dynamic_range, reading.dynamic_range());
    }
    EXPECT_EQ(info.video_stream_count, static_cast<int>(reading.videos().size()));
    EXPECT_EQ(info.audio_stream_count, static_cast<int>(reading.audios().size()));
    EXPECT_EQ(info.has_audio, !reading.audios().empty());
    EXPECT_EQ(info.audio_codec,
              reading.audios().empty() ? "" : reading.audios().front().at("codec_name"));
    EXPECT_EQ(info.file_size_bytes, reading.file_size());
}

/// Where the two boxes lie, by their names: good enough for clips of one colour.
bool index_comes_first(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string content(1 << 20, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    return content.find("moov") < content.find("mdat");
}

TEST_F(ProbeClips, GetFactsAndVerdictsThatAgreeWithFfprobe) {
    make_all();
    for (const Expectation& expected : kTable) {
        SCOPED_TRACE(expected.file);
        const MediaInfo info = facts(expected.file);
        const FfprobeReading reading(clip(expected.file));
        EXPECT_EQ(info.container, expected.container);
        expect_same_facts(info, reading);
        EXPECT_EQ(refusals(info, o3_limits()), expected.o3);
        EXPECT_EQ(refusals(info, o1_limits()), expected.o1);
        EXPECT_EQ(reading.verdict(expected.container, 10, false), expected.o3);
        EXPECT_EQ(reading.verdict(expected.container, 10.05, true), expected.o1);
        const bool has_boxes = info.container == "mp4" || info.container == "mov";
        ASSERT_EQ(info.index_at_front.has_value(), has_boxes);
        if (has_boxes) {
            EXPECT_EQ(*info.index_at_front, index_comes_first(clip(expected.file)));
        }
    }
}

TEST_F(ProbeClips, WarnOfWhatIsNarrow) {
    const auto warnings = [this](const char* name) {
        std::string text;
        for (const Finding& finding : preflight(facts(name), o1_limits())) {
            text += std::string(name_of(finding.severity)) + " " + finding.text() + "\n";
        }
        return text;
    };
    EXPECT_EQ(warnings("10.04s.mp4"),
              "warning duration 10.04 s, limit at most 10.05 s: so close that a server may measure "
              "more; trim to 10 s\n");
    EXPECT_EQ(warnings("variable.mp4").find("warning frame rate variable, "), 0U);
    EXPECT_EQ(warnings("199MB.mp4").find("warning file size 199 MB "), 0U);
    for (const char* name : {"h264.mp4", "3.00s.mp4", "10.00s.mp4", "10.05s.mp4", "fps60.mp4",
                             "ntsc60.mp4", "2160x2160.mp4", "turned_90.mp4"}) {
        EXPECT_EQ(warnings(name), "") << name;
    }
}

TEST_F(ProbeClips, TellProfilesDepthsAndBrightness) {
    struct Case {
        const char* file;
        const char* profile;
        std::optional<int> depth;
        std::optional<DynamicRange> range;
    };
    for (const Case& c : {
             Case{"h264.mp4", "Constrained Baseline", 8, DynamicRange::sdr},
             Case{"h264.mkv", "Constrained Baseline", 8, DynamicRange::sdr},
             Case{"h264.ts", "Constrained Baseline", 8, DynamicRange::sdr},
             Case{"719x720.mp4", "High 4:4:4 Predictive", 8, DynamicRange::sdr},
             Case{"high10.mp4", "High 10", 10, {}},
             Case{"hevc.mp4", "Main", 8, DynamicRange::sdr},
             Case{"hevc.mkv", "Main", 8, DynamicRange::sdr},
             Case{"hdr_pq.mp4", "Main 10", 10, DynamicRange::pq},
             Case{"hdr_pq.mkv", "Main 10", 10, DynamicRange::pq},
             Case{"hdr_hlg.mov", "Main 10", 10, DynamicRange::hlg},
             Case{"prores.mov", "Standard", 10, {}},
             Case{"prores_4444.mov", "4444", 12, {}},
             Case{"av1.mp4", "Main", 8, DynamicRange::sdr},
             Case{"av1.mkv", "Main", 8, DynamicRange::sdr},
             Case{"vp9.mp4", "", {}, {}},
             Case{"vp8.webm", "", 8, DynamicRange::sdr},
         }) {
        SCOPED_TRACE(c.file);
        const MediaInfo info = facts(c.file);
        EXPECT_EQ(info.codec_profile, c.profile);
        EXPECT_EQ(info.bit_depth, c.depth);
        EXPECT_EQ(info.dynamic_range, c.range);
    }
}

TEST_F(ProbeClips, TellRatesThatVary) {
    for (const char* name :
         {"h264.mp4", "ntsc30.mp4", "ntsc60.mp4", "prores.mov", "edit_list.mp4", "2.99s.mp4"}) {
        SCOPED_TRACE(name);
        const MediaInfo info = facts(name);
        EXPECT_EQ(info.variable_frame_rate, false);
        EXPECT_EQ(info.nominal_frame_rate, info.frame_rate);
    }
    const MediaInfo variable = facts("variable.mp4");
    EXPECT_EQ(variable.variable_frame_rate, true);
    EXPECT_NEAR(variable.frame_rate->per_second(), 40, 0.5);
    // 120 frames at 30 a second follow 120 at 60.
    EXPECT_FALSE(variable.nominal_frame_rate &&
                 *variable.nominal_frame_rate == *variable.frame_rate);
    EXPECT_EQ(facts("h264.mkv").variable_frame_rate, std::nullopt);
    EXPECT_EQ(facts("h264.mkv").nominal_frame_rate, (FrameRate{24, 1}));
}

TEST_F(ProbeClips, TellDurationsApart) {
    const auto seconds = [](const std::optional<std::chrono::microseconds>& duration) {
        return duration ? static_cast<double>(duration->count()) / 1e6 : -1;
    };
    const MediaInfo longer = facts("audio_longer.mp4");
    EXPECT_NEAR(seconds(longer.durations.video), 5, 1e-6);
    EXPECT_NEAR(seconds(longer.durations.audio), 11, 0.05);
    EXPECT_NEAR(seconds(longer.durations.container), 11, 0.05);
    EXPECT_EQ(longer.duration, std::max(longer.durations.audio, longer.durations.container));
    const MediaInfo shorter = facts("audio_shorter.mov");
    EXPECT_NEAR(seconds(shorter.durations.audio), 2, 1e-6);
    EXPECT_NEAR(seconds(shorter.duration), 5, 1e-3);
    EXPECT_EQ(facts("silent.mp4").durations.audio, std::nullopt);
    EXPECT_EQ(facts("h264.mkv").durations.video, std::nullopt);
}

TEST_F(ProbeClips, TellWhetherTheIndexIsAtTheFront) {
    EXPECT_EQ(facts("faststart.mp4").index_at_front, true);
    EXPECT_EQ(facts("h264.mp4").index_at_front, false);
    EXPECT_EQ(facts("h264.mkv").index_at_front, std::nullopt);
}

/// What this process has read from files, in bytes.
std::int64_t bytes_read_so_far() {
    std::ifstream counters("/proc/self/io");
    std::string name;
    std::int64_t count = 0;
    while (counters >> name >> count) {
        if (name == "rchar:") {
            return count;
        }
    }
    return -1;
}

/// What loading FFmpeg reads does not count.
std::int64_t bytes_to_probe(const fs::path& file) {
    static_cast<void>(probe(file));
    const std::int64_t before_counting = bytes_read_so_far();
    const std::int64_t before = bytes_read_so_far();
    static_cast<void>(probe(file));
    return bytes_read_so_far() - before - (before - before_counting);
}

TEST_F(ProbeClips, ReadLittleOfALargeFile) {
    // Media of 200 MB: frames without compression.
    const testing::TempFolder folder;
    const fs::path last = folder / "last.mov";
    make_clip(plain("1920x1080", "24", "2.1") + "-pix_fmt uyvy422 -c:v rawvideo", last);
    const fs::path first = folder / "first.mov";
    make_clip("-i " + last.string() + " -c copy -movflags +faststart", first);
    for (const fs::path& file : {last, first}) {
        ASSERT_GT(fs::file_size(file), 200'000'000U);
        EXPECT_EQ(probe(file).index_at_front, file == first);
        EXPECT_LE(bytes_to_probe(file), 64 * 1024);
    }
}

TEST_F(ProbeClips, ReadLittleOfAFileWithOneKeyFrame) {
    const testing::TempFolder folder;
    const fs::path file = folder / "one.mkv";
    make_clip(plain("1280x720", "24", "3") +
                  "-vf noise=alls=60:allf=t -c:v libx264 -preset ultrafast -crf 20 -g 1000",
              file);
    ASSERT_GT(fs::file_size(file), 5'000'000U);
    EXPECT_LE(bytes_to_probe(file), 64 * 1024);
}

TEST_F(ProbeClips, ReadTheSameFromMemory) {
    for (const char* name : {"h264.mp4", "faststart.mov", "h264.mkv", "vp9.webm", "h264.avi",
                             "h264.ts", "fragmented.mp4", "covered.mp4"}) {
        SCOPED_TRACE(name);
        const std::string content = testing::content_of(clip(name));
        const MediaInfo here = probe(std::as_bytes(std::span(content)), "in memory");
        const MediaInfo there = facts(name);
        EXPECT_EQ(here.container, there.container);
        EXPECT_EQ(here.duration, there.duration);
        EXPECT_EQ(here.display_size, there.display_size);
        EXPECT_EQ(here.frame_rate, there.frame_rate);
        EXPECT_EQ(here.codec, there.codec);
        EXPECT_EQ(here.audio_codec, there.audio_codec);
        EXPECT_EQ(here.index_at_front, there.index_at_front);
        EXPECT_EQ(here.file_size_bytes, there.file_size_bytes);
    }
}

}  // namespace
}  // namespace editprep::video
