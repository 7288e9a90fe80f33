#include "box_walk/box_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "byte_source.hpp"
#include "clip_maker.hpp"
#include "file_content.hpp"
#include "media_engine.hpp"
#include "module_loader.hpp"
#include "mp4_maker.hpp"
#include "temp_folder.hpp"

/// The walk is held against FFmpeg's module, field by field: where it answers, it must give the
/// same.
namespace editprep::video {
namespace {

using testing::content_of;
using testing::make_clip;

// --- Both answers ------------------------------------------------------------------------------

template <class Ratio>
void tell(std::ostream& out, const char* name, const std::optional<Ratio>& ratio) {
    out << ' ' << name << ' ';
    if (ratio) {
        out << ratio->numerator << '/' << ratio->denominator;
    }
}

void tell(std::ostream& out, const char* name,
          const std::optional<std::chrono::microseconds>& time) {
    out << ' ' << name << ' ';
    if (time) {
        out << time->count();
    }
}

/// Every field.
std::string text_of(const MediaInfo& info) {
    std::ostringstream out;
    out << info.container << ' ' << info.codec << " [" << info.codec_profile << "] "
        << info.bit_depth.value_or(-1) << " bits, range "
        << (info.dynamic_range ? static_cast<int>(*info.dynamic_range) : -1) << ", "
        << info.coded_size.width << 'x' << info.coded_size.height << " shown "
        << info.display_size.width << 'x' << info.display_size.height << " mirrored "
        << info.mirrored << " turned " << info.rotation_degrees;
    tell(out, "aspect", std::optional(info.pixel_aspect));
    tell(out, "duration", info.duration);
    tell(out, "container", info.durations.container);
    tell(out, "video", info.durations.video);
    tell(out, "audio", info.durations.audio);
    tell(out, "rate", info.frame_rate);
    tell(out, "nominal", info.nominal_frame_rate);
    out << " variable " << (info.variable_frame_rate ? int{*info.variable_frame_rate} : -1)
        << " sound " << info.has_audio << ' ' << info.audio_codec << " streams "
        << info.video_stream_count << '+' << info.audio_stream_count << " bytes "
        << info.file_size_bytes << " front "
        << (info.index_at_front ? int{*info.index_at_front} : -1);
    return out.str();
}

std::string module_answer(const ProbeSource& source) {
    static const auto probe_clip =
        reinterpret_cast<ProbeFunction>(module_symbol(kProbeModule, kProbeSymbol));
    MediaInfo info;
    const auto failure = probe_clip(source, info);
    return failure ? failure->message : text_of(info);
}

std::optional<std::string> walk_answer(const ProbeSource& source) {
    ByteSource bytes(source);
    const auto info = walk_boxes(bytes);
    return info ? std::optional(text_of(*info)) : std::nullopt;
}

ProbeSource in_memory(std::string_view content) {
    return {.name = "clip", .content = std::as_bytes(std::span(content))};
}

/// True when the walk answers; then the answers must be the same.
bool walks_like_the_module(std::string_view content) {
    const ProbeSource source = in_memory(content);
    const auto walked = walk_answer(source);
    if (walked) {
        EXPECT_EQ(*walked, module_answer(source));
    }
    return walked.has_value();
}

// --- Clips -------------------------------------------------------------------------------------

const std::string kPicture = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.8 ";
const std::string kSound = "-f lavfi -i sine=duration=0.8 ";
const std::string kX264 = "-c:v libx264 -preset ultrafast -crf 40 ";
const std::string kX265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none ";
const std::string kTenBits = "-pix_fmt yuv420p10le -tag:v hvc1 -color_primaries bt2020 ";

struct Recipe {
    const char* file;
    /// Of ffmpeg; `@name` stands for a clip that was made before.
    std::string words;
    /// Without FFmpeg.
    bool walked = true;
};

/// What others are made of.
std::vector<Recipe> sources() {
    return {
        {"h264.mp4", kPicture + kSound + "-c:v libx264 -preset veryfast -bf 3 -g 8 -c:a aac"},
        {"anamorphic.mp4", kPicture + "-vf setsar=12/11 " + kX264},
        {"cover.png", "-f lavfi -i color=size=32x32 -frames:v 1", false},
    };
}

std::vector<Recipe> encodes() {
    return {
        {"high10.mp4", kPicture + kX264 + "-pix_fmt yuv420p10le"},
        {"high444.mp4", kPicture + kX264 + "-pix_fmt yuv444p"},
        {"intra.mp4", kPicture + kX264 + "-g 1"},
        {"hevc.mp4", kPicture + kX265 + "-tag:v hvc1"},
        {"pq.mp4", kPicture + kX265 + kTenBits + "-color_trc smpte2084 -colorspace bt2020nc"},
        {"hlg.mov", kPicture + kX265 + kTenBits + "-color_trc arib-std-b67 -colorspace bt2020nc"},
        {"av1.mp4", kPicture + "-vf scale=128:96 -c:v libsvtav1 -preset 12"},
        {"vp9.mp4", kPicture + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"},
        {"prores.mov", kPicture + "-c:v prores -profile:v 3"},
        {"jpeg.mov", kPicture + "-c:v mjpeg"},
        {"mpeg4.mp4", kPicture + "-c:v mpeg4", false},
        {"png.mov", kPicture + "-c:v png", false},
        {"opus.mp4", kPicture + kSound + kX264 + "-c:a libopus"},
        {"mp3.mp4", kPicture + kSound + kX264 + "-c:a libmp3lame"},
        {"ac3.mp4", kPicture + kSound + kX264 + "-c:a ac3"},
        {"pcm.mov", kPicture + kSound + kX264 + "-c:a pcm_s16le"},
        {"alac.mov", kPicture + kSound + kX264 + "-c:a alac", false},
        {"ntsc.mp4", "-f lavfi -i testsrc2=size=64x48:rate=60000/1001:duration=0.8 " + kX264},
        {"variable.mp4",
         "-f lavfi -i testsrc2=size=64x48:rate=60:duration=2 "
         "-vf select='lt(n\\,40)+not(mod(n\\,2))' -vsync vfr " +
             kX264},
        {"rounded.mp4",
         "-f lavfi -i testsrc2=size=64x48:rate=30:duration=1 -video_track_timescale 1000 " + kX264,
         false},
        {"cut_at_key_frame.mp4", "-ss 0.32 -i @h264.mp4 -c copy"},
        {"cut_between.mp4", "-ss 0.5 -i @h264.mp4 -c copy", false},
        {"later.mp4", "-itsoffset 0.5 -i @h264.mp4 -c copy"},
        {"turned_anamorphic.mp4", "-i @anamorphic.mp4 -c copy -metadata:s:v rotate=90"},
        {"two_videos.mp4", kPicture + kPicture + kSound + "-map 0 -map 1 -map 2 " + kX264},
        {"second_shown.mp4",
         "-i @h264.mp4 -i @anamorphic.mp4 -map 0:v -map 1:v -c copy "
         "-disposition:v:0 0 -disposition:v:1 default"},
        {"covered.mp4",
         "-i @h264.mp4 -i @cover.png -map 0 -map 1 -c copy -disposition:v:1 attached_pic"},
    };
}

/// Of h264.mp4, with these words for the output; one process makes them all.
std::vector<Recipe> copies() {
    return {
        {"no_edits.mp4", "-use_editlist 0"},
        {"negative_offsets.mp4", "-movflags +negative_cts_offsets"},
        {"turned_90.mp4", "-metadata:s:v rotate=90"},
        {"turned_180.mov", "-metadata:s:v rotate=180"},
        {"turned_270.mov", "-metadata:s:v rotate=270"},
        {"front.mp4", "-movflags +faststart"},
        {"clip.mov", ""},
        {"fragments.mp4", "-movflags +frag_keyframe+empty_moov"},
        {"fragments_by_offset.mp4", "-movflags +frag_keyframe+empty_moov+default_base_moof"},
        {"fragments_apart.mp4", "-movflags +frag_keyframe+empty_moov+separate_moof"},
        {"segment_index.mp4", "-movflags +frag_keyframe+empty_moov+global_sidx", false},
        {"dash.mp4", "-movflags +dash+frag_keyframe+delay_moov"},
        {"cmaf.mp4", "-movflags +cmaf+frag_keyframe"},
        {"live.mp4", "-movflags +frag_keyframe+empty_moov+skip_trailer"},
        {"partly_in_fragments.mp4", "-movflags +frag_keyframe", false},
        {"timecode.mov", "-timecode 01:00:00:00"},
        {"tagged.mp4", "-metadata title=words -metadata comment=more"},
        {"tagged.mov", "-metadata title=words -movflags use_metadata_tags", false},
        {"unused_sound.mov", "-bsf:a noise=drop=1 -movflags +faststart"},
        {"encrypted.mp4",
         "-encryption_scheme cenc-aes-ctr -encryption_key " + std::string(32, '1') +
             " -encryption_kid " + std::string(32, '2'),
         false},
        {"clip.mkv", "", false},
        {"sound.m4a", "-vn", false},
    };
}

class BoxWalk : public ::testing::Test {
protected:
    struct Clip {
        std::string name;
        std::string content;
        bool walked;
    };

    static void SetUpTestSuite() {
        folder_.emplace();
        make(sources());
        make(encodes());
        make_copies();
    }
    static void TearDownTestSuite() {
        clips_.clear();
        folder_.reset();
    }

    static const std::vector<Clip>& clips() { return clips_; }

    static const std::string& content(std::string_view name) {
        return std::ranges::find(clips_, name, &Clip::name)->content;
    }

private:
    static std::filesystem::path path_of(const Recipe& recipe) { return *folder_ / recipe.file; }

    static void keep(const Recipe& recipe) {
        clips_.push_back({recipe.file, content_of(path_of(recipe)), recipe.walked});
    }

    static void make(const std::vector<Recipe>& some) {
        for (const Recipe& recipe : some) {
            make_clip(with_paths(recipe.words), path_of(recipe));
            keep(recipe);
        }
    }

    static void make_copies() {
        std::string words = "-i @h264.mp4";
        for (const Recipe& copy : copies()) {
            words += " -c copy " + copy.words + " @" + copy.file;
        }
        make_clip(with_paths(words), *folder_ / "last.mp4");
        std::ranges::for_each(copies(), keep);
    }

    static std::string with_paths(std::string words) {
        for (std::size_t at = words.find('@'); at != std::string::npos; at = words.find('@')) {
            words.replace(at, 1, folder_->path().string() + '/');
        }
        return words;
    }

    static inline std::optional<testing::TempFolder> folder_;
    static inline std::vector<Clip> clips_;
};

TEST_F(BoxWalk, TellsWhatTheModuleTells) {
    for (const auto& [name, content, walked] : clips()) {
        SCOPED_TRACE(name);
        EXPECT_EQ(walks_like_the_module(content), walked);
    }
}

TEST_F(BoxWalk, LeavesWhatIsCutShortToTheModule) {
    for (const auto& [name, content, walked] : clips()) {
        SCOPED_TRACE(name);
        for (std::size_t part = 0; part < 10; ++part) {
            walks_like_the_module(std::string_view(content).substr(0, content.size() * part / 10));
        }
    }
    EXPECT_FALSE(walks_like_the_module(
        std::string_view(content("front.mp4")).substr(0, content("front.mp4").size() - 1)));
}

/// Damage to boxes only: the media are of no interest.
std::vector<std::size_t> places_in_boxes(const std::string& content) {
    std::vector<std::size_t> places;
    for (const char* name : {"ftyp", "moov", "moof", "sidx"}) {
        for (std::size_t at = content.find(name); at != std::string::npos && at >= 4;
             at = content.find(name, at + 1)) {
            std::size_t size = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                size = size << 8U | static_cast<unsigned char>(content[at - 4 + i]);
            }
            const std::size_t end = std::min(at - 4 + size, content.size());
            for (std::size_t place = at - 4; place < end; ++place) {
                places.push_back(place);
            }
        }
    }
    return places;
}

TEST_F(BoxWalk, NeverContradictsTheModuleOnDamage) {
    std::mt19937 random(20'261'122);
    int walked_count = 0;
    for (const auto& [name, content, walked] : clips()) {
        const auto places = places_in_boxes(content);
        for (int round = 0; round < 150 && walked; ++round) {
            std::string broken = content;
            std::string trace = name;
            for (int left = 1 << random() % 3; left > 0; --left) {
                const std::size_t place = places[random() % places.size()];
                const std::uint32_t kind = random() % 4;
                broken[place] = kind == 0   ? '\0'
                                : kind == 1 ? '\xFF'
                                : kind == 2 ? static_cast<char>(random())
                                            : static_cast<char>(broken[place] ^ 1 << random() % 8);
                trace += ' ' + std::to_string(place);
            }
            SCOPED_TRACE(trace);
            walked_count += walks_like_the_module(broken) ? 1 : 0;
        }
    }
    EXPECT_GT(walked_count, 1000);
}

// --- Boxes written by hand ---------------------------------------------------------------------

TEST(BoxWalkByHand, TakesAPlainClip) {
    using namespace testing;
    EXPECT_TRUE(walks_like_the_module(mp4_clip(track(sample_table(10, 100)))));
    EXPECT_TRUE(walks_like_the_module(mp4_clip(repeat(track(sample_table(10, 100)), 2))));
}

TEST(BoxWalkByHand, LeavesLiesToTheModule) {
    using namespace testing;
    constexpr std::uint64_t kHuge = 0xFFFF'FFFF;
    const std::string good = track(sample_table(10, 100));
    const std::string clips[] = {
        std::string(),
        kMp4Type,
        kMp4Type + box("moov", ""),
        mp4_clip(track(sample_table(kHuge, 1))),
        mp4_clip(track(sample_table(80'000'000, 0))),
        mp4_clip(track(stts(10, 1) + stsc(11) + stsz(1, 10) + stco(36))),
        mp4_clip(track(stts(10, 0) + stsc(10) + stsz(1, 10) + stco(36))),
        mp4_clip(track(stts(10, 1) + stsc(10) + stsz(1, 9) + stco(36))),
        mp4_clip(track(stts(10, kHuge) + stsc(10) + stsz(1, 10) + stco(36))),
        mp4_clip(track(box("stts", u32(0) + u32(kHuge)) + stsc(1) + stsz(1, 10) + stco(36))),
        mp4_clip(repeat(good, 65)),
        mp4_clip(good) + box("moov", movie_header() + good),
        kMp4Type + u32(0) + "moov" + movie_header() + good,
        kMp4Type + u32(1) + "mdat" + number(0xFFFF'FFFF'FFFF'FFF0, 8),
        kMp4Type + repeat(box("free", ""), 70'000) + mp4_clip(good).substr(kMp4Type.size()),
        kMp4Type + box("moov", box("cmov", box("dcom", "zlib") + box("cmvd", u32(9) + "x")))};
    int number = 0;
    for (const std::string& content : clips) {
        EXPECT_FALSE(walk_answer(in_memory(content))) << "clip " << number;
        ++number;
    }
}

}  // namespace
}  // namespace editprep::video
