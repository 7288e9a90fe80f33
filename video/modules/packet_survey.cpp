#include "packet_survey.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "clip_reader.hpp"

namespace editprep::video {
namespace {

struct Shown {
    std::int64_t from;
    std::int64_t until;
    /// AV_NOPTS_VALUE when the container does not tell.
    std::int64_t decoded;
};

/// The video's packets in the order of decoding; empty when they cannot be copied.
std::vector<Shown> video_packets(ClipReader& reader) {
    std::vector<Shown> packets;
    while (const Packet packet = reader.read()) {
        if (!reader.is_video(*packet)) {
            continue;
        }
        const bool timed = packet->pts != AV_NOPTS_VALUE;
        const bool starts = !packets.empty() || (packet->flags & AV_PKT_FLAG_KEY) != 0;
        // What an edit list hides, and what arrived damaged, is better not passed on.
        const bool whole = (packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT)) == 0;
        if (!timed || !starts || !whole) {
            return {};
        }
        packets.push_back({packet->pts, packet->pts + packet->duration, packet->dts});
    }
    return packets;
}

/// For each packet, when the first of those behind it is shown.
std::vector<std::int64_t> earliest_behind(const std::vector<Shown>& packets) {
    std::vector<std::int64_t> earliest(packets.size());
    std::int64_t until_now = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = packets.size(); i-- > 0;) {
        earliest[i] = until_now;
        until_now = std::min(until_now, packets[i].from);
    }
    return earliest;
}

bool in_decoding_order(const std::vector<Shown>& packets) {
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    return std::ranges::all_of(packets, [&last](const Shown& packet) {
        const bool in_order = packet.decoded != AV_NOPTS_VALUE && packet.decoded > last &&
                              packet.decoded <= packet.from;
        last = packet.decoded;
        return in_order;
    });
}

/// One packet after the other at the pace at which they are shown, and none later than that. Empty
/// when two are shown at once.
std::vector<std::int64_t> made_up_decoding_times(const std::vector<Shown>& packets) {
    std::vector<std::int64_t> times;
    std::ranges::transform(packets, std::back_inserter(times), &Shown::from);
    std::ranges::sort(times);
    if (std::ranges::adjacent_find(times) != times.end()) {
        return {};
    }
    std::int64_t delay = 0;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        delay = std::max(delay, times[i] - packets[i].from);
    }
    std::ranges::transform(times, times.begin(),
                           [delay](std::int64_t time) { return time - delay; });
    return times;
}

}  // namespace

PacketSurvey survey_packets(const SurveyJob& job) {
    ClipReader reader(job.input, job.input_container, job.cancel);
    const std::vector<Shown> packets = video_packets(reader);
    const std::vector<std::int64_t> behind = earliest_behind(packets);
    const AVRational microsecond{1, 1'000'000};
    PacketSurvey survey;
    std::int64_t last_shown = 0;
    std::int64_t end = 0;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        last_shown = std::max(last_shown, packets[i].from);
        end = std::max(end, packets[i].until);
        const std::chrono::microseconds end_time(
            av_rescale_q_rnd(end, reader.video().time_base, microsecond, AV_ROUND_UP));
        if (job.limit && end_time > *job.limit) {
            break;
        }
        // Everything so far is shown before everything that follows, so nothing is missing.
        if (last_shown < behind[i]) {
            survey.video_packets = static_cast<std::int64_t>(i) + 1;
            survey.video_end = end_time;
        }
    }
    if (!in_decoding_order(packets)) {
        survey.decoding_times = made_up_decoding_times(packets);
    }
    survey.video_is_whole = survey.video_packets == static_cast<std::int64_t>(packets.size());
    survey.video_can_be_copied =
        survey.video_packets > 0 &&
        (in_decoding_order(packets) || survey.decoding_times.size() == packets.size());
    return survey;
}

}  // namespace editprep::video
