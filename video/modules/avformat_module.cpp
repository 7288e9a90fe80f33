#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/display.h>
}

#include "allocation_limit.hpp"
#include "clip_timing.hpp"
#include "codec_facts.hpp"
#include "container.hpp"
#include "editprep/video/error.hpp"
#include "media_engine.hpp"
#include "picture_shape.hpp"
#include "quiet_log.hpp"
#include "shown_video.hpp"
#include "timing.hpp"

namespace editprep::video {
namespace {

struct Turn {
    bool mirrored = false;
    int clockwise_degrees = 0;
};

Turn turn_of(const AVStream& stream) {
    std::size_t size = 0;
    const std::uint8_t* side_data =
        av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (side_data == nullptr || size < 9 * sizeof(std::int32_t)) {
        return {};
    }
    const auto* matrix = reinterpret_cast<const std::int32_t*>(side_data);
    // FFmpeg counts anticlockwise; a matrix that turns nothing gives NaN.
    const double angle = -av_display_rotation_get(matrix);
    if (!std::isfinite(angle)) {
        return {};
    }
    const double determinant =
        static_cast<double>(matrix[0]) * matrix[4] - static_cast<double>(matrix[1]) * matrix[3];
    const bool mirrored = determinant < 0;
    // The angle is the one in which the upper edge comes to lie, and mirroring turns that round.
    const int quarters = static_cast<int>(std::lround(angle / 90.0)) + (mirrored ? 2 : 0);
    return {mirrored, ((quarters % 4 + 4) % 4) * 90};
}

/// The container's word goes before the codec's; without either pixels are square.
PixelAspect pixel_aspect_of(const AVStream& stream, const CodecFacts& codec) {
    const AVRational aspect = stream.sample_aspect_ratio;
    return aspect.num > 0 && aspect.den > 0 ? PixelAspect{aspect.num, aspect.den}
                                            : codec.pixel_aspect.value_or(PixelAspect{});
}

void describe_picture(const AVStream& video, MediaInfo& info) {
    const CodecFacts codec = codec_facts(*video.codecpar);
    info.codec = avcodec_get_name(video.codecpar->codec_id);
    info.codec_profile = codec.profile;
    info.bit_depth = codec.bit_depth;
    info.dynamic_range = codec.dynamic_range;
    info.coded_size = {video.codecpar->width, video.codecpar->height};
    const Turn turn = turn_of(video);
    info.mirrored = turn.mirrored;
    info.rotation_degrees = turn.clockwise_degrees;
    info.pixel_aspect = pixel_aspect_of(video, codec);
    info.display_size = display_size_of(info.coded_size, info.pixel_aspect, info.rotation_degrees);
}

void describe_timing(const Container& container, const AVStream& video, MediaInfo& info) {
    const FramePace pace = frame_pace(video, info.container);
    info.frame_rate = pace.average;
    info.nominal_frame_rate = pace.nominal;
    info.variable_frame_rate = pace.variable;
    info.durations = durations_of(container.format(), video);
    info.duration = longest_of(info.durations);
}

void count_streams(const AVFormatContext& format, MediaInfo& info) {
    for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
        if (is_video(*stream)) {
            ++info.video_stream_count;
        } else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
                   info.audio_stream_count++ == 0) {
            info.audio_codec = avcodec_get_name(stream->codecpar->codec_id);
        }
    }
    info.has_audio = info.audio_stream_count > 0;
}

MediaInfo read_facts(const ProbeSource& clip) {
    const QuietLog quiet;
    const AllocationLimit limit;
    ByteSource source(clip);
    const Container container(source);
    const auto fail = [&clip](Errc errc, const std::string& message) {
        throw Error(errc, message + ": " + clip.name, clip.name, "fetch or export the file again");
    };
    if (container.is_cut_short()) {
        fail(Errc::damaged_media, "the video is cut short");
    }
    const AVStream* video = shown_video(container.format());
    if (video == nullptr) {
        throw Error(Errc::no_video, "no video stream in " + clip.name, clip.name,
                    "give a file with moving pictures");
    }
    if (video->codecpar->width <= 0 || video->codecpar->height <= 0) {
        fail(Errc::damaged_media, "the video states no frame size");
    }
    MediaInfo info;
    info.container = container.name();
    info.file_size_bytes = source.size_bytes();
    describe_picture(*video, info);
    describe_timing(container, *video, info);
    count_streams(container.format(), info);
    info.index_at_front = container.index_at_front();
    return info;
}

}  // namespace

extern "C" [[gnu::visibility("default")]] std::optional<EngineFailure> editprep_probe_clip(
    const ProbeSource& source, MediaInfo& info) noexcept {
    return failure_of([&] { info = read_facts(source); });
}

}  // namespace editprep::video
