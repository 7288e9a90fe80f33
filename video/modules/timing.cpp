#include "timing.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace editprep::video {
namespace {

using std::chrono::microseconds;

// Of a frame's time: what a recorder's clock drifts within a clip.
constexpr double kSteadiness = 0.02;

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

/// The time from each frame to the next in units of the stream's time base, ascending.
std::vector<std::int64_t> steps_of(const AVStream& video) {
    // The list is only read, but FFmpeg's accessors want a pointer to change through.
    auto* indexed = const_cast<AVStream*>(&video);
    const int count = avformat_index_get_entries_count(indexed);
    std::vector<std::int64_t> steps;
    steps.reserve(static_cast<std::size_t>(std::max(count, 1)));
    std::optional<std::int64_t> before;
    for (int i = 0; i < count; ++i) {
        const AVIndexEntry* entry = avformat_index_get_entry(indexed, i);
        if (entry == nullptr || (entry->flags & AVINDEX_DISCARD_FRAME) != 0) {
            continue;
        }
        std::int64_t step = 0;
        if (before && !__builtin_sub_overflow(entry->timestamp, *before, &step) && step > 0) {
            steps.push_back(step);
        }
        before = entry->timestamp;
    }
    std::ranges::sort(steps);
    return steps;
}

bool is_variable(const std::vector<std::int64_t>& steps) {
    const std::int64_t spread = steps.back() - steps.front();
    // One unit is the rounding of a rate that the time base does not divide.
    return spread > 1 &&
           static_cast<double>(spread) > kSteadiness * static_cast<double>(steps[steps.size() / 2]);
}

/// The rate of the step that more than half of the frames take; the list is sorted, so that step
/// would stand in the middle.
std::optional<FrameRate> prevailing_rate(const std::vector<std::int64_t>& steps,
                                         AVRational time_base) {
    const std::int64_t middle = steps[steps.size() / 2];
    const auto [first, last] = std::equal_range(steps.begin(), steps.end(), middle);
    AVRational rate{};
    if (2 * static_cast<std::size_t>(last - first) <= steps.size() || time_base.num <= 0 ||
        middle > std::numeric_limits<std::int64_t>::max() / time_base.num) {
        return std::nullopt;
    }
    av_reduce(&rate.num, &rate.den, time_base.den, time_base.num * middle,
              std::numeric_limits<int>::max());
    return to_rate(rate);
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

std::optional<microseconds> longest_of(const Durations& durations) {
    // What is absent counts as less than everything.
    return std::max({durations.container, durations.video, durations.audio});
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
    const auto steps = index_is_complete ? steps_of(video) : std::vector<std::int64_t>();
    if (steps.empty()) {
        return pace;
    }
    pace.variable = is_variable(steps);
    if (*pace.variable) {
        pace.nominal = prevailing_rate(steps, video.time_base);
    } else if (container == "avi") {
        // The rate in its header is that of a clock, at which there need not be a frame each time.
        pace.nominal = pace.average = prevailing_rate(steps, video.time_base);
    }
    return pace;
}

}  // namespace editprep::video
