#include "editprep/video/probe.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/display.h>
}

#include "container.hpp"
#include "editprep/video/error.hpp"
#include "quiet_log.hpp"

namespace editprep::video {
namespace {

std::span<AVStream* const> streams_of(const AVFormatContext& format) {
    return {format.streams, format.nb_streams};
}

bool is_video(const AVStream* stream) {
    return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
           (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
}

bool is_audio(const AVStream* stream) { return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO; }

/// A file that was cut short keeps an index that points to what is no longer there.
bool index_points_beyond(const AVStream* stream, std::int64_t file_size_bytes) {
    // The list is only read, but FFmpeg's accessors want a pointer to change through.
    auto* indexed = const_cast<AVStream*>(stream);
    const int count = avformat_index_get_entries_count(indexed);
    for (int i = 0; i < count; ++i) {
        const AVIndexEntry* entry = avformat_index_get_entry(indexed, i);
        if (entry != nullptr &&
            (entry->pos >= file_size_bytes || entry->size > file_size_bytes - entry->pos)) {
            return true;
        }
    }
    return false;
}

std::optional<std::chrono::microseconds> duration_of(const AVFormatContext& format) {
    static_assert(AV_TIME_BASE == 1'000'000);
    if (format.duration > 0) {
        return std::chrono::microseconds(format.duration);
    }
    std::int64_t longest = 0;
    for (const AVStream* stream : streams_of(format)) {
        if (stream->duration > 0 && stream->time_base.num > 0 && stream->time_base.den > 0) {
            longest = std::max(longest, av_rescale_q(stream->duration, stream->time_base,
                                                     AVRational{1, AV_TIME_BASE}));
        }
    }
    return longest > 0 ? std::optional(std::chrono::microseconds(longest)) : std::nullopt;
}

int rotation_of(const AVStream& stream) {
    std::size_t size = 0;
    const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (matrix == nullptr || size < 9 * sizeof(std::int32_t)) {
        return 0;
    }
    // FFmpeg counts anticlockwise; a matrix that is no rotation gives NaN.
    const double angle = -av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
    if (!std::isfinite(angle)) {
        return 0;
    }
    const int quarters = static_cast<int>(std::lround(angle / 90.0));
    return ((quarters % 4 + 4) % 4) * 90;
}

int width_with_square_pixels(int width, AVRational pixel_aspect) {
    if (pixel_aspect.num <= 0 || pixel_aspect.den <= 0) {
        return width;
    }
    const std::int64_t square = av_rescale(width, pixel_aspect.num, pixel_aspect.den);
    const bool plausible = square > 0 && square <= std::numeric_limits<int>::max();
    return plausible ? static_cast<int>(square) : width;
}

FrameSize display_size_of(const AVStream& stream, FrameSize coded, int rotation_degrees) {
    const AVRational aspect = stream.sample_aspect_ratio.num > 0
                                  ? stream.sample_aspect_ratio
                                  : stream.codecpar->sample_aspect_ratio;
    FrameSize display{width_with_square_pixels(coded.width, aspect), coded.height};
    if (rotation_degrees % 180 != 0) {
        std::swap(display.width, display.height);
    }
    return display;
}

std::optional<FrameRate> frame_rate_of(const AVStream& stream) {
    for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate}) {
        if (rate.num > 0 && rate.den > 0) {
            return FrameRate{rate.num, rate.den};
        }
    }
    return std::nullopt;
}

}  // namespace

MediaInfo probe(const std::filesystem::path& path) {
    const QuietLog quiet;
    const Container container(path);
    const auto streams = streams_of(container.format());
    const std::string name = path.string();

    for (const AVStream* stream : streams) {
        if (index_points_beyond(stream, container.file_size_bytes())) {
            throw Error(Errc::damaged_media, "The video is cut short: " + name, name,
                        "Fetch or export the file again");
        }
    }
    const auto found = std::ranges::find_if(streams, is_video);
    if (found == streams.end()) {
        throw Error(Errc::no_video, "No video stream in " + name, name);
    }
    const AVStream& stream = **found;

    MediaInfo info;
    info.container = container.name();
    info.duration = duration_of(container.format());
    info.coded_size = {stream.codecpar->width, stream.codecpar->height};
    if (info.coded_size.width <= 0 || info.coded_size.height <= 0) {
        throw Error(Errc::damaged_media, "The video states no frame size: " + name, name,
                    "Fetch or export the file again");
    }
    info.rotation_degrees = rotation_of(stream);
    info.display_size = display_size_of(stream, info.coded_size, info.rotation_degrees);
    info.frame_rate = frame_rate_of(stream);
    info.codec = avcodec_get_name(stream.codecpar->codec_id);
    info.has_audio = std::ranges::any_of(streams, is_audio);
    info.file_size_bytes = container.file_size_bytes();
    return info;
}

}  // namespace editprep::video
