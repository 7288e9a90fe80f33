#include "container.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/error.h>
}

#include "editprep/video/error.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;

// Formats whose header describes every stream. The list is also a fence: FFmpeg knows formats
// (playlists, concat scripts) that open further files and URLs.
constexpr const char* kFormats = "mov,matroska,avi";
constexpr const char* kFormatsForPeople = "an MP4, MOV, WebM, MKV or AVI file";

std::string text_of(int av_error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(av_error, text.data(), text.size());
    return text.data();
}

[[noreturn]] void refuse_format(const fs::path& path) {
    throw Error(Errc::unsupported_format, "Not a video in a known format: " + path.string(),
                path.string(), std::string("Give ") + kFormatsForPeople);
}

[[noreturn]] void fail_to_read(const fs::path& path, const std::string& reason) {
    throw Error(Errc::file_unreadable, "Cannot read " + path.string() + ": " + reason,
                path.string());
}

std::int64_t size_of_regular_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        throw Error(Errc::file_not_found, "File not found: " + path.string(), path.string());
    }
    if (error) {
        fail_to_read(path, error.message());
    }
    if (status.type() != fs::file_type::regular) {
        fail_to_read(path, "it is not a regular file");
    }
    const std::uintmax_t size = fs::file_size(path, error);
    if (error) {
        fail_to_read(path, error.message());
    }
    return static_cast<std::int64_t>(size);
}

AVIOContext* open_file(const fs::path& path) {
    // With the protocol named, a colon in the file name cannot choose another one.
    const std::string url = "file:" + path.string();
    AVIOContext* file = nullptr;
    const int result = avio_open(&file, url.c_str(), AVIO_FLAG_READ);
    if (result < 0) {
        fail_to_read(path, text_of(result));
    }
    return file;
}

const AVInputFormat& format_by_content(AVIOContext* file, const fs::path& path) {
    const AVInputFormat* format = nullptr;
    // Without a name, so that the extension has no say.
    const int score = av_probe_input_buffer2(file, &format, nullptr, nullptr, 0, 0);
    if (score < AVPROBE_SCORE_RETRY || format == nullptr) {
        refuse_format(path);
    }
    return *format;
}

/// WebM is Matroska with another DocType, which FFmpeg does not pass on. The beginning of the file
/// is still in the buffer, so looking there costs nothing.
bool starts_as_webm(AVIOContext* file) {
    std::array<char, 64> beginning{};
    const int count = avio_read(file, reinterpret_cast<unsigned char*>(beginning.data()),
                                static_cast<int>(beginning.size()));
    avio_seek(file, 0, SEEK_SET);
    using namespace std::string_view_literals;
    constexpr std::string_view kWebmDocType = "\x42\x82\x84webm"sv;
    return count > 0 &&
           std::string_view(beginning.data(), static_cast<std::size_t>(count)).find(kWebmDocType) !=
               std::string_view::npos;
}

std::string container_name(const AVFormatContext& format, bool webm) {
    const std::string_view name = format.iformat->name;
    if (name.starts_with("matroska")) {
        return webm ? "webm" : "matroska";
    }
    if (name.starts_with("mov")) {
        const AVDictionaryEntry* brand = av_dict_get(format.metadata, "major_brand", nullptr, 0);
        const bool quicktime = brand == nullptr || std::string_view(brand->value) == "qt  ";
        return quicktime ? "mov" : "mp4";
    }
    return std::string(name);
}

AVFormatContext* open_format(AVIOContext* file, const AVInputFormat& input, const fs::path& path) {
    AVFormatContext* format = avformat_alloc_context();
    AVDictionary* options = nullptr;
    if (format == nullptr || av_dict_set(&options, "format_whitelist", kFormats, 0) < 0) {
        avformat_free_context(format);
        av_dict_free(&options);
        throw std::bad_alloc();
    }
    format->pb = file;
    const int result = avformat_open_input(&format, nullptr, &input, &options);
    av_dict_free(&options);
    if (result >= 0) {
        return format;
    }
    if (result == AVERROR(ENOMEM)) {
        throw std::bad_alloc();
    }
    // Refused by the list of formats.
    if (result == AVERROR(EINVAL)) {
        refuse_format(path);
    }
    throw Error(Errc::damaged_media, "Damaged or incomplete video: " + path.string(), path.string(),
                "Fetch or export the file again");
}

bool lacks_frame_size(const AVFormatContext& format) {
    const std::span<AVStream* const> streams(format.streams, format.nb_streams);
    return std::ranges::any_of(streams, [](const AVStream* stream) {
        return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && stream->codecpar->width <= 0;
    });
}

}  // namespace

Container::Container(const std::filesystem::path& path)
    : file_size_bytes_(size_of_regular_file(path)), file_(open_file(path)) {
    const AVInputFormat& input = format_by_content(file_.get(), path);
    const bool webm = starts_as_webm(file_.get());
    format_.reset(open_format(file_.get(), input, path));
    name_ = container_name(*format_, webm);
    // For a few codecs (MPEG-4 part 2, H.263) FFmpeg believes the frames and not the header. Only
    // they pay for the decoding, which takes as long as all the rest a hundred times.
    if (lacks_frame_size(*format_)) {
        avformat_find_stream_info(format_.get(), nullptr);
    }
}

}  // namespace editprep::video
