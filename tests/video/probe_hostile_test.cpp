#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clip_maker.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "file_content.hpp"
#include "mp4_maker.hpp"
#include "temp_folder.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// Files that are broken, by accident or by intent: a clear answer, soon and in little memory.
namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using testing::box;
using testing::content_of;
using testing::kMp4Type;
using testing::kPicture;
using testing::kSound;
using testing::make_clip;
using testing::movie_header;
using testing::mp4_clip;
using testing::number;
using testing::repeat;
using testing::sample_table;
using testing::stco;
using testing::stsc;
using testing::stsz;
using testing::stts;
using testing::track;
using testing::u32;

constexpr const char* kName = "hostile.mp4";

MediaInfo probe_bytes(std::string_view content) {
    return probe(std::as_bytes(std::span(content)), kName);
}

bool is_verdict_on_content(Errc errc) {
    return errc == Errc::unsupported_format || errc == Errc::damaged_media ||
           errc == Errc::no_video || errc == Errc::too_complex;
}

/// The facts, when they are told; they must make sense. Refusals must be about the content.
std::optional<MediaInfo> facts_or_refusal(std::string_view content) {
    try {
        MediaInfo info = probe_bytes(content);
        EXPECT_FALSE(info.container.empty());
        EXPECT_FALSE(info.codec.empty());
        EXPECT_GT(info.coded_size.width, 0);
        EXPECT_GT(info.coded_size.height, 0);
        EXPECT_GT(info.display_size.width, 0);
        EXPECT_GT(info.display_size.height, 0);
        EXPECT_TRUE(!info.duration || info.duration->count() > 0);
        EXPECT_TRUE(!info.frame_rate || info.frame_rate->per_second() > 0);
        EXPECT_GT(info.pixel_aspect.numerator, 0);
        EXPECT_GT(info.pixel_aspect.denominator, 0);
        EXPECT_GE(info.video_stream_count, 1);
        EXPECT_EQ(info.file_size_bytes, static_cast<std::int64_t>(content.size()));
        return info;
    } catch (const Error& error) {
        EXPECT_TRUE(is_verdict_on_content(error.errc())) << error.what();
        EXPECT_EQ(error.subject(), kName);
        return std::nullopt;
    }
}

bool same_picture(const MediaInfo& one, const MediaInfo& other) {
    return one.durations.container == other.durations.container &&
           one.durations.video == other.durations.video && one.display_size == other.display_size &&
           one.frame_rate == other.frame_rate && one.codec == other.codec;
}

/// Some frames of picture and sound in each container, a few kilobytes each.
class SmallClips {
public:
    SmallClips() {
        const std::string streams = std::string(kPicture) + " " + kSound +
                                    " -t 0.4 -g 4 -bf 0 -c:v libx264 -preset ultrafast -crf 45";
        add("last.mp4", streams + " -c:a aac -b:a 16k");
        const std::string copy = "-i " + (folder_ / "last.mp4").string() + " -c copy ";
        add("first.mp4", copy + "-movflags +faststart");
        add("fragmented.mp4", copy + "-movflags +frag_keyframe+empty_moov");
        add("clip.mov", copy + "-metadata:s:v rotate=90");
        add("clip.mkv", copy);
        add("clip.avi", streams + " -c:a mp3 -b:a 32k");
        add("clip.ts", copy);
        add("clip.webm", std::string(kPicture) + " -t 0.4 -c:v libvpx -deadline realtime");
    }

    struct Clip {
        std::string name;
        std::string content;
    };
    [[nodiscard]] const std::vector<Clip>& all() const { return clips_; }
    [[nodiscard]] const std::string& content(const std::string& name) const {
        return std::ranges::find(clips_, name, &Clip::name)->content;
    }

private:
    void add(const std::string& name, const std::string& words) {
        make_clip(words, folder_ / name);
        clips_.push_back({name, content_of(folder_ / name)});
    }

    testing::TempFolder folder_;
    std::vector<Clip> clips_{};
};

// --- Cut and flipped ---------------------------------------------------------------------------

/// Every seventh byte, and around everything that has a name of four letters.
std::vector<std::size_t> cutting_points(const std::string& content) {
    std::vector<std::size_t> points;
    for (std::size_t i = 0; i < content.size(); i += 7) {
        points.push_back(i);
    }
    for (const char* name : {"ftyp", "moov", "mdat", "free", "mvhd", "trak", "tkhd", "mdia", "stbl",
                             "stsd", "stts", "stsz", "stco", "udta", "moof", "mfra", "idx1"}) {
        for (std::size_t at = content.find(name); at != std::string::npos;
             at = content.find(name, at + 1)) {
            for (std::size_t around = std::max<std::size_t>(at, 5) - 5; around < at + 9; ++around) {
                points.push_back(std::min(around, content.size()));
            }
        }
    }
    return points;
}

TEST(ProbeHostile, RefusesWhatIsCutShortOrTellsNoMoreThanIsThere) {
    const SmallClips clips;
    for (const auto& [name, content] : clips.all()) {
        SCOPED_TRACE(name);
        const MediaInfo whole = probe_bytes(content);
        int refused = 0;
        const auto points = cutting_points(content);
        for (const std::size_t length : points) {
            SCOPED_TRACE(length);
            const auto info = facts_or_refusal(std::string_view(content).substr(0, length));
            refused += info ? 0 : 1;
            if (!info) {
                continue;
            }
            const bool states_its_length = whole.container != "mpegts" && name != "fragmented.mp4";
            if (states_its_length) {
                // The picture and its whole index are there.
                EXPECT_TRUE(same_picture(*info, whole));
            } else {
                EXPECT_LE(info->duration, whole.duration);
            }
        }
        EXPECT_GT(refused, static_cast<int>(points.size()) / 10);
    }
}

TEST(ProbeHostile, RefusesEveryCutThroughTheMedia) {
    const SmallClips clips;
    for (const char* name : {"last.mp4", "first.mp4", "clip.mov", "clip.mkv", "clip.avi"}) {
        SCOPED_TRACE(name);
        const std::string& content = clips.content(name);
        const std::size_t media_end =
            name == std::string_view("last.mp4") || name == std::string_view("clip.mov")
                ? content.find("moov")
                : content.size();
        for (std::size_t part = 1; part < 20; ++part) {
            const std::size_t length = media_end * part / 20;
            EXPECT_FALSE(facts_or_refusal(std::string_view(content).substr(0, length))) << length;
        }
    }
}

TEST(ProbeHostile, SurvivesFlippedBits) {
    const SmallClips clips;
    std::mt19937 random(20'261'121);
    ::testing::internal::CaptureStderr();
    for (const auto& [name, content] : clips.all()) {
        SCOPED_TRACE(name);
        for (int round = 0; round < 80; ++round) {
            std::string broken = content;
            const int flips = 1 << (round % 5);
            for (int flip = 0; flip < flips; ++flip) {
                // The header's end is where most of the meaning is.
                const std::size_t range =
                    round % 2 == 0 ? broken.size() : std::min<std::size_t>(broken.size(), 900);
                const std::size_t from_end = random() % range;
                const std::size_t at = name == "last.mp4" || name == "clip.mov"
                                           ? broken.size() - 1 - from_end
                                           : from_end;
                broken[at] = static_cast<char>(broken[at] ^ (1 << random() % 8));
            }
            static_cast<void>(facts_or_refusal(broken));
        }
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// --- Boxes written by hand ---------------------------------------------------------------------

/// The most memory that this process had at once since the last call, in MB.
std::int64_t peak_megabytes() {
    std::ifstream status("/proc/self/status");
    std::int64_t kilobytes = 0;
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            status >> kilobytes;
        }
    }
    std::ofstream("/proc/self/clear_refs") << 5;
    return kilobytes / 1024;
}

TEST(ProbeHostile, ReadsAClipWrittenByHand) {
    const MediaInfo info = probe_bytes(mp4_clip(track(sample_table(10, 100))));
    EXPECT_EQ(info.container, "mp4");
    EXPECT_EQ(info.codec, "mjpeg");
    EXPECT_EQ(info.display_size, (FrameSize{64, 48}));
    EXPECT_EQ(info.frame_rate, (FrameRate{10, 1}));
    EXPECT_EQ(info.duration, std::chrono::microseconds(1'000'000));
    EXPECT_EQ(info.index_at_front, false);
}

TEST(ProbeHostile, AnswersLiesSoonAndInLittleMemory) {
    constexpr std::uint64_t kHuge = 0xFFFF'FFFF;
    const std::string good = track(sample_table(10, 100));
    std::string nested = box("free", "");
    for (int depth = 0; depth < 3000; ++depth) {
        nested = box("moov", nested);
    }
    const std::string edits =
        box("edts",
            box("elst", u32(0) + u32(20'000) + repeat(u32(100) + u32(0) + u32(0x10000), 20'000)));
    struct Case {
        const char* what;
        std::string content;
    };
    const Case cases[] = {
        {"samples without end", mp4_clip(track(sample_table(kHuge, 1)))},
        {"many samples of one byte", mp4_clip(track(sample_table(80'000'000, 1)))},
        {"many samples of no byte", mp4_clip(track(sample_table(80'000'000, 0)))},
        {"many such tracks", mp4_clip(repeat(track(sample_table(1'500'000, 1)), 60))},
        {"sizes without a table",
         mp4_clip(track(stts(kHuge, 1) + stsc(kHuge) + box("stsz", u32(0) + u32(0) + u32(kHuge)) +
                        stco(36)))},
        {"times without a table",
         mp4_clip(track(box("stts", u32(0) + u32(kHuge)) + stsc(1) + stsz(1, 10) + stco(36)))},
        {"chunks without a table",
         mp4_clip(track(stts(10, 1) + stsc(1) + stsz(1, 10) + box("stco", u32(0) + u32(kHuge))))},
        {"offsets without a table",
         mp4_clip(track(sample_table(10, 100) + box("ctts", u32(0) + u32(kHuge))))},
        {"times that run backwards",
         mp4_clip(track(stts(10, kHuge) + stsc(10) + stsz(100, 10) + stco(36)))},
        {"thousands of tracks", mp4_clip(repeat(good, 5000))},
        {"thousands of edits", mp4_clip(track(sample_table(100'000, 0), edits))},
        {"boxes in boxes", kMp4Type + nested},
        {"a box to the end", kMp4Type + u32(0) + "moov" + movie_header() + good},
        {"a box of one byte", kMp4Type + u32(1) + "moov"},
        {"a box of seven bytes", kMp4Type + u32(7) + "moov" + movie_header() + good},
        {"a box of 64 bits", kMp4Type + u32(1) + "mdat" + number(0x7FFF'FFFF'FFFF'FFFF, 8)},
        {"a box below zero", kMp4Type + u32(1) + "mdat" + number(0xFFFF'FFFF'FFFF'FFF0, 8)},
        {"an index without end", kMp4Type + u32(kHuge) + "moov" + movie_header() + good},
        {"boxes of nothing", kMp4Type + repeat(box("free", ""), 200'000)},
        {"no track", mp4_clip("")},
        {"nothing but a name", kMp4Type},
        {"a compressed index",
         kMp4Type + box("moov", box("cmov", box("dcom", "zlib") + box("cmvd", u32(kHuge) + "x")))},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        const std::int64_t before = peak_megabytes();
        const auto start = std::chrono::steady_clock::now();
        static_cast<void>(facts_or_refusal(c.content));
        // FFmpeg gives no way to interrupt its arithmetic, so the bound is not ours alone.
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
        const std::int64_t after = peak_megabytes();
        if (!kSanitized) {
            EXPECT_LT(after - before, 700);
        }
    }
}

TEST(ProbeHostile, NamesTooManyStreams) {
    const std::string good = track(sample_table(10, 100));
    EXPECT_EQ(probe_bytes(mp4_clip(repeat(good, 60))).video_stream_count, 60);
    try {
        static_cast<void>(probe_bytes(mp4_clip(repeat(good, 65))));
        ADD_FAILURE() << "was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::too_complex) << error.what();
    }
}

// --- What is no file, or no clip ---------------------------------------------------------------

class ProbeNoClip : public ::testing::Test {
protected:
    [[nodiscard]] fs::path file(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return folder_ / name;
    }
    [[nodiscard]] const fs::path& folder() const { return folder_.path(); }

    [[nodiscard]] static Errc refusal_of(const fs::path& path) {
        try {
            static_cast<void>(probe(path));
        } catch (const Error& error) {
            EXPECT_EQ(error.subject(), path.string());
            return error.errc();
        }
        ADD_FAILURE() << "was accepted: " << path;
        return {};
    }

private:
    testing::TempFolder folder_;
};

TEST_F(ProbeNoClip, IsRefusedWhenItIsNoRegularFile) {
    const fs::path pipe = folder() / "pipe.mp4";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(refusal_of(pipe), Errc::file_unreadable);
    EXPECT_EQ(refusal_of("/dev/zero"), Errc::file_unreadable);
    EXPECT_EQ(refusal_of("/dev/null"), Errc::file_unreadable);
    EXPECT_EQ(refusal_of(folder()), Errc::file_unreadable);
    EXPECT_EQ(refusal_of(""), Errc::file_not_found);
    EXPECT_EQ(refusal_of(folder() / "none" / "clip.mp4"), Errc::file_not_found);
    fs::create_symlink(folder() / "gone.mp4", folder() / "link.mp4");
    EXPECT_EQ(refusal_of(folder() / "link.mp4"), Errc::file_not_found);
    fs::create_symlink(folder() / "loop.mp4", folder() / "loop.mp4");
    EXPECT_EQ(refusal_of(folder() / "loop.mp4"), Errc::file_unreadable);
    EXPECT_EQ(refusal_of(folder() / std::string(300, 'x')), Errc::file_unreadable);
}

TEST_F(ProbeNoClip, IsRefusedByContentWhateverItsName) {
    EXPECT_EQ(refusal_of(file("empty.mp4", "")), Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("zeros.mp4", std::string(100'000, '\0'))), Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("text.mp4", repeat("No clip at all.\n", 5000))),
              Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("page.mp4", "<!DOCTYPE html><html><title>404</title></html>")),
              Errc::unsupported_format);
    EXPECT_EQ(refusal_of(file("photo.mp4", box("ftyp", "heic" + u32(0) + "mif1heic") +
                                               box("meta", std::string(100, '\0')))),
              Errc::unsupported_format);
    for (const char* words : {"-f lavfi -i color=size=32x32 -frames:v 1 -f image2 -c:v mjpeg",
                              "-f lavfi -i color=size=32x32 -frames:v 1 -f image2 -c:v png",
                              "-f lavfi -i color=size=32x32 -t 0.2 -f gif",
                              "-f lavfi -i color=size=32x32 -t 0.2 -c:v flv1 -f flv",
                              "-f lavfi -i sine -t 0.2 -f wav", "-f lavfi -i sine -t 0.2 -f mp3"}) {
        SCOPED_TRACE(words);
        make_clip(words, folder() / "other.mp4");
        EXPECT_EQ(refusal_of(folder() / "other.mp4"), Errc::unsupported_format);
    }
    for (const char* muxer : {"mp4", "matroska", "avi", "mpegts"}) {
        SCOPED_TRACE(muxer);
        make_clip(std::string("-f lavfi -i sine -t 0.5 -c:a aac -f ") + muxer, folder() / "sound");
        EXPECT_EQ(refusal_of(folder() / "sound"), Errc::no_video);
    }
}

/// Formats that make FFmpeg open further files and addresses must not get that far.
TEST_F(ProbeNoClip, IsRefusedWhenItOnlyNamesOthers) {
    const fs::path pipe = folder() / "bait";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const std::string bait = pipe.string();
    const std::string texts[] = {
        "ffconcat version 1.0\nfile '" + bait + "'\n",
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + bait +
            "\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
        "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>" + bait +
            "</BaseURL></MPD>\n",
        "[playlist]\nFile1=" + bait + "\n",
        "RTSPtext",
    };
    for (const std::string& text : texts) {
        for (const char* name :
             {"list.mp4", "list.m3u8", "list.mpd", "list.sdp", "list.ffconcat"}) {
            SCOPED_TRACE(name + (": " + text));
            EXPECT_EQ(refusal_of(file(name, text)), Errc::unsupported_format);
        }
    }
}

TEST_F(ProbeNoClip, IsNotMadeByAStrangeName) {
    const fs::path clip = folder() / "clip.mp4";
    make_clip(std::string(kPicture) + " -c:v libx264 -preset ultrafast", clip);
    for (const char* name :
         {"concat:a|b.mp4", "http:x.mp4", "file:x.mp4", "-i.mp4", "pipe:0", "data:video,x",
          "gr\xC3\xBC\xC3\x9F \xE6\x98\xA0\xE7\x94\xBB \xF0\x9F\x8E\xAC.mp4", "\xFF\xFE.mp4",
          "with\nline.mp4", "%d.mp4", "*.mp4", "no extension", "picture.png"}) {
        SCOPED_TRACE(name);
        fs::copy_file(clip, folder() / name);
        EXPECT_EQ(probe(folder() / name).codec, "h264");
    }
    fs::create_symlink(clip, folder() / "link");
    EXPECT_EQ(probe(folder() / "link").container, "mp4");
}

TEST_F(ProbeNoClip, LeavesNothingOpen) {
    const auto open_files = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    const fs::path text = file("text.mp4", "text");
    const fs::path damaged = file("damaged.mp4", mp4_clip(track(sample_table(100, 100))));
    const fs::path good = file("good.mp4", mp4_clip(track(sample_table(10, 100))));
    EXPECT_EQ(probe(good).codec, "mjpeg");
    const auto before = open_files();
    for (int round = 0; round < 20; ++round) {
        EXPECT_EQ(refusal_of(text), Errc::unsupported_format);
        EXPECT_EQ(refusal_of(damaged), Errc::damaged_media);
        EXPECT_EQ(refusal_of(folder()), Errc::file_unreadable);
        EXPECT_EQ(probe(good).codec, "mjpeg");
    }
    EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace editprep::video
