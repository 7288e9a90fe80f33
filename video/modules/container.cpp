#include "container.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <string_view>
#include <vector>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/error.h>
}

#include "editprep/video/error.hpp"
#include "shown_video.hpp"

namespace editprep::video {
namespace {

using namespace std::string_view_literals;

// A fence as well: FFmpeg knows formats (playlists, concat scripts) that open further files and
// URLs.
constexpr const char* kFormats = "mov,matroska,avi,mpegts";
constexpr const char* kFormatsForPeople = "an MP4, MOV, WebM, MKV, AVI or MPEG-TS file";
constexpr const char* kFetchAgain = "fetch or export the file again";
// Cameras write a handful, studios a sound track per microphone. Matroska brings fonts as streams.
constexpr int kMostStreams = 64;
constexpr int kMostMatroskaStreams = 512;
// 8K twice over: what is decoded to find the frame size.
constexpr const char* kMostPixels = "67108864";

[[noreturn]] void refuse_format(const std::string& name) {
    throw Error(Errc::unsupported_format, "not a video in a known format: " + name, name,
                std::string("give ") + kFormatsForPeople);
}

const AVInputFormat& format_by_content(AVIOContext* reader, const std::string& name) {
    const AVInputFormat* input = nullptr;
    // Without a name, so that the extension has no say.
    const int score = av_probe_input_buffer2(reader, &input, nullptr, nullptr, 0, 0);
    if (score < AVPROBE_SCORE_RETRY || input == nullptr) {
        refuse_format(name);
    }
    const std::string_view found = input->name;
    if (!found.starts_with("mov,") && !found.starts_with("matroska,") && found != "avi" &&
        found != "mpegts") {
        refuse_format(name);
    }
    return *input;
}

/// The beginning of the file is in the buffer already, so looking there costs nothing.
std::string read_beginning(AVIOContext* reader) {
    std::array<char, 64> beginning{};
    const int count = avio_read(reader, reinterpret_cast<unsigned char*>(beginning.data()),
                                static_cast<int>(beginning.size()));
    avio_seek(reader, 0, SEEK_SET);
    return {beginning.data(), static_cast<std::size_t>(std::max(count, 0))};
}

/// HEIF and AVIF pictures are built like MP4, without a clip inside.
bool starts_as_picture(std::string_view beginning) {
    constexpr std::array kPictureBrands{"heic"sv, "heix"sv, "mif1"sv, "msf1"sv, "avif"sv};
    return beginning.size() >= 12 && beginning.substr(4, 4) == "ftyp" &&
           std::ranges::find(kPictureBrands, beginning.substr(8, 4)) != kPictureBrands.end();
}

/// WebM is Matroska with another DocType, which FFmpeg does not pass on.
bool starts_as_webm(std::string_view beginning) {
    return beginning.find("\x42\x82\x84webm"sv) != std::string_view::npos;
}

std::string container_name(const AVFormatContext& format, std::string_view beginning) {
    const std::string_view name = format.iformat->name;
    if (name.starts_with("matroska")) {
        return starts_as_webm(beginning) ? "webm" : "matroska";
    }
    if (name.starts_with("mov")) {
        const AVDictionaryEntry* brand = av_dict_get(format.metadata, "major_brand", nullptr, 0);
        const bool quicktime = brand == nullptr || std::string_view(brand->value) == "qt  ";
        return quicktime ? "mov" : "mp4";
    }
    return std::string(name);
}

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

int is_out_of_time(void* source) {
    return static_cast<const ByteSource*>(source)->out_of_time() ? 1 : 0;
}

/// Reads the header. Null, with the reason in `result`, when that fails.
FormatHandle open_format(Reader& reader, const AVInputFormat& input, int& result) {
    AVFormatContext* format = avformat_alloc_context();
    AVDictionary* options = nullptr;
    if (format == nullptr || av_dict_set(&options, "format_whitelist", kFormats, 0) < 0) {
        avformat_free_context(format);
        av_dict_free(&options);
        throw std::bad_alloc();
    }
    format->pb = reader.context();
    format->io_open = &refuse_to_open;
    format->interrupt_callback = {&is_out_of_time, &reader.source()};
    format->max_streams =
        std::string_view(input.name).starts_with("matroska") ? kMostMatroskaStreams : kMostStreams;
    reader.watch(format);
    result = avformat_open_input(&format, nullptr, &input, &options);
    av_dict_free(&options);
    if (result < 0) {
        reader.watch(nullptr);
    }
    return FormatHandle(format);
}

void throw_if_out_of_bounds(const Reader& reader) {
    const ByteSource& source = reader.source();
    if (source.out_of_time()) {
        throw Error(Errc::too_complex, "reading takes too long: " + source.name(), source.name(),
                    kFetchAgain);
    }
    if (reader.index_too_large()) {
        throw Error(Errc::too_complex, "more frames than any clip has: " + source.name(),
                    source.name(), "cut a clip out of it");
    }
    if (source.read_failed()) {
        throw Error(Errc::file_unreadable, "cannot read " + source.name() + ": input error",
                    source.name());
    }
}

[[noreturn]] void fail_to_open(const Reader& reader, int result) {
    throw_if_out_of_bounds(reader);
    const ByteSource& source = reader.source();
    if (result == AVERROR(ENOMEM)) {
        throw Error(Errc::too_complex, "more streams or frames than any clip has: " + source.name(),
                    source.name(), "cut a clip out of it");
    }
    throw Error(Errc::damaged_media, "damaged or incomplete video: " + source.name(), source.name(),
                kFetchAgain);
}

bool is_unset(AVRational rate) { return rate.num <= 0 || rate.den <= 0; }

/// MPEG-TS tells nothing in a header, MPEG-4 part 2 and H.263 believe the frames alone, and some
/// recorders of WebM write no frame rate. Only those pay for the decoding, which takes as long as
/// all the rest a hundred times.
bool needs_frames(const AVFormatContext& format) {
    const AVStream* video = shown_video(format);
    if (video == nullptr) {
        // MPEG-TS: not found yet.
        return std::string_view(format.iformat->name) == "mpegts";
    }
    return std::string_view(format.iformat->name) == "mpegts" || video->codecpar->width <= 0 ||
           (is_unset(video->avg_frame_rate) && is_unset(video->r_frame_rate));
}

/// Decoder options for each stream.
class DecoderOptions {
public:
    explicit DecoderOptions(unsigned count) : options_(count) {
        for (AVDictionary*& one : options_) {
            av_dict_set(&one, "max_pixels", kMostPixels, 0);
            av_dict_set(&one, "threads", "1", 0);
        }
    }
    ~DecoderOptions() {
        for (AVDictionary*& one : options_) {
            av_dict_free(&one);
        }
    }
    DecoderOptions(const DecoderOptions&) = delete;
    DecoderOptions& operator=(const DecoderOptions&) = delete;

    [[nodiscard]] AVDictionary** data() noexcept { return options_.data(); }

private:
    std::vector<AVDictionary*> options_;
};

void read_frames(AVFormatContext& format) {
    DecoderOptions options(format.nb_streams);
    avformat_find_stream_info(&format, options.data());
}

/// Matroska keeps its index for when somebody seeks. To find the frame behind the last one that the
/// index has, FFmpeg would then read the media to the end: all of it in a clip with one key frame.
/// Two entries that lie later than any frame make the index long enough. Frames that are read
/// afterwards may be skipped.
void load_index(AVFormatContext& format) {
    constexpr std::int64_t kLate = std::int64_t{1} << 60;
    const int stream = av_find_default_stream_index(&format);
    if (stream < 0 || !std::string_view(format.iformat->name).starts_with("matroska")) {
        return;
    }
    for (const std::int64_t time : {kLate, kLate + 1}) {
        av_add_index_entry(format.streams[stream], /*pos=*/0, time, /*size=*/0, /*distance=*/0,
                           AVINDEX_KEYFRAME);
    }
    av_seek_frame(&format, stream, 0, AVSEEK_FLAG_BACKWARD);
}

/// Calls `visit` with each entry of each stream's index.
template <typename Visit>
void for_each_index_entry(const AVFormatContext& format, const Visit& visit) {
    for (AVStream* stream : std::span(format.streams, format.nb_streams)) {
        const int count = avformat_index_get_entries_count(stream);
        for (int i = 0; i < count; ++i) {
            if (const AVIndexEntry* entry = avformat_index_get_entry(stream, i)) {
                visit(*entry);
            }
        }
    }
}

/// Of an index that is cut short, FFmpeg takes what there is: the last track then has no frames.
/// In an index that is whole, this is a track that was announced and never used, or one whose
/// frames are told of in fragments.
bool lacks_last_track(const AVFormatContext& format) {
    if (format.nb_streams == 0) {
        return false;
    }
    AVStream* last = format.streams[format.nb_streams - 1];
    const AVMediaType type = last->codecpar->codec_type;
    const bool matters =
        type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_UNKNOWN;
    return matters && (last->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0 &&
           avformat_index_get_entries_count(last) == 0;
}

}  // namespace

Container::Container(ByteSource& source) : reader_(source, source.size_bytes()) {
    const AVInputFormat& input = format_by_content(reader_.context(), source.name());
    const std::string beginning = read_beginning(reader_.context());
    if (starts_as_picture(beginning)) {
        refuse_format(source.name());
    }
    // Makes FFmpeg ask for every place that it goes to, near ones too, so that those behind the end
    // are noticed.
    reader_.context()->direct = 1;
    int result = 0;
    format_ = open_format(reader_, input, result);
    if (format_ == nullptr) {
        fail_to_open(reader_, result);
    }
    name_ = container_name(*format_, beginning);
    if (needs_frames(*format_)) {
        read_frames(*format_);
    }
    load_index(*format_);
    throw_if_out_of_bounds(reader_);
}

/// Behind an index that lies first and is cut there would be no media.
bool Container::has_cut_index() const {
    return lacks_last_track(*format_) && !index_at_front().value_or(false);
}

bool Container::is_cut_short() const {
    const std::int64_t size = reader_.source().size_bytes();
    // MP4 and QuickTime may carry junk behind their last box, which reads as another one.
    bool beyond = is_mp4_or_mov() ? has_cut_index() : reader_.sought_beyond_end();
    for_each_index_entry(*format_, [&](const AVIndexEntry& entry) {
        beyond = beyond || entry.pos >= size || entry.size > size - entry.pos;
    });
    return beyond;
}

std::optional<bool> Container::index_at_front() const {
    constexpr std::int64_t kNoMedia = std::numeric_limits<std::int64_t>::max();
    std::int64_t media_begin = kNoMedia;
    for_each_index_entry(*format_, [&](const AVIndexEntry& entry) {
        media_begin = std::min(media_begin, entry.pos);
    });
    if (!is_mp4_or_mov() || media_begin == kNoMedia) {
        return std::nullopt;
    }
    // The index is in front when what lies before the media is enough to open the clip.
    Reader front(reader_.source(), media_begin);
    int ignored = 0;
    const FormatHandle opened = open_format(front, *format_->iformat, ignored);
    return opened != nullptr && opened->nb_streams > 0;
}

bool Container::is_mp4_or_mov() const noexcept { return name_ == "mp4" || name_ == "mov"; }

}  // namespace editprep::video
