#include "timing.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "clip_timing.hpp"

namespace editprep::video {
namespace {

using std::chrono::microseconds;

std::optional<microseconds> duration_of(const AVStream& stream) {
    if (stream.duration <= 0 || stream.time_base.num <= 0 || stream.time_base.den <= 0) {
        return std::nullopt;
    }
    const std::int64_t duration =
        av_rescale_q(stream.duration, stream.time_base, AVRational{1, AV_TIME_BASE});
    return duration > 0 ? std::optional(microseconds(duration)) : std::nullopt;
}

std::optional<FrameRate> to_rate(AVRational rate) {
    return rate.num > 0 && rate.den > 0 ? std::optional(FrameRate{rate.num, rate.den})
                                        : std::nullopt;
}

FrameSteps steps_of(const AVStream& video) {
    // The list is only read, but FFmpeg's accessors want a pointer to change through.
    auto* indexed = const_cast<AVStream*>(&video);
    const int count = avformat_index_get_entries_count(indexed);
    FrameSteps steps;
    std::optional<std::int64_t> before;
    for (int i = 0; i < count; ++i) {
        const AVIndexEntry* entry = avformat_index_get_entry(indexed, i);
        if (entry == nullptr || (entry->flags & AVINDEX_DISCARD_FRAME) != 0) {
            continue;
        }
        std::int64_t step = 0;
        if (before && !__builtin_sub_overflow(entry->timestamp, *before, &step)) {
            steps.add(step);
        }
        before = entry->timestamp;
    }
    return steps;
}

}  // namespace

Durations durations_of(const AVFormatContext& format, const AVStream& video) {
    static_assert(AV_TIME_BASE == 1'000'000);
    Durations durations;
    if (format.duration > 0) {
        durations.container = microseconds(format.duration);
    }
    durations.video = duration_of(video);
    for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            durations.audio = std::max(durations.audio, duration_of(*stream));
        }
    }
    return durations;
}

FramePace frame_pace(const AVStream& video, std::string_view container) {
    // There each frame has its entry in the index.
    const bool index_is_complete = container == "mp4" || container == "mov" || container == "avi";
    FramePace pace;
    const auto stated = to_rate(video.r_frame_rate);
    pace.average = to_rate(video.avg_frame_rate);
    if (!pace.average) {
        pace.average = stated;
    }
    pace.nominal = stated ? stated : pace.average;
    const auto steps = index_is_complete ? steps_of(video) : FrameSteps();
    if (steps.empty()) {
        return pace;
    }
    pace.variable = steps.vary();
    if (*pace.variable) {
        pace.nominal = steps.prevailing_rate(video.time_base.num, video.time_base.den);
    } else if (container == "avi") {
        // The rate in its header is that of a clock, at which there need not be a frame each time.
        pace.nominal = pace.average =
            steps.prevailing_rate(video.time_base.num, video.time_base.den);
    }
    return pace;
}

}  // namespace editprep::video
