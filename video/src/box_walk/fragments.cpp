#include "box_walk/fragments.hpp"

#include <algorithm>
#include <optional>

#include "box_walk/arithmetic.hpp"

namespace editprep::video::box_walk {
namespace {

constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::int64_t kMostFragmentBytes = std::int64_t{4} << 20;

// Flags of `tfhd` (8.8.7) and `trun` (8.8.8): what is written there.
constexpr std::uint32_t kBaseOffset = 0x1;
constexpr std::uint32_t kDescription = 0x2;
constexpr std::uint32_t kDefaultDuration = 0x8;
constexpr std::uint32_t kDefaultSize = 0x10;
constexpr std::uint32_t kBaseIsFragment = 0x20000;
constexpr std::uint32_t kDataOffset = 0x1;
constexpr std::uint32_t kFirstFlags = 0x4;
constexpr std::uint32_t kDuration = 0x100;
constexpr std::uint32_t kSize = 0x200;
constexpr std::uint32_t kFlags = 0x400;
constexpr std::uint32_t kOffset = 0x800;

std::vector<std::uint8_t> content_of(const FileBox& box, ClipBytes& clip) {
    be_sure(box.content_bytes() <= kMostFragmentBytes);
    return clip.read(box.content_begin, box.content_bytes());
}

}  // namespace

Fragments::Fragments(Movie& movie) {
    for (Track& track : movie.tracks) {
        const auto defaults =
            std::ranges::find(movie.fragment_defaults, track.id, &FragmentDefaults::track_id);
        // Frames in the index as well are FFmpeg's.
        be_sure(defaults != movie.fragment_defaults.end() && track.samples.sample_count == 0);
        track.samples.in_fragments = true;
        progress_.push_back({.track = &track, .defaults = *defaults});
    }
}

Fragments::Progress& Fragments::progress_of(std::uint32_t track_id) {
    const auto found = std::ranges::find(
        progress_, track_id, [](const Progress& progress) { return progress.track->id; });
    be_sure(found != progress_.end());
    return *found;
}

bool Fragments::take_segment_index(const FileBox& box, ClipBytes& clip) {
    const auto content = content_of(box, clip);
    Fields fields(content);
    const int version = fields.u8();
    be_sure(version <= 1);
    fields.skip(3);
    Progress& progress = progress_of(fields.u32());
    be_sure(fields.i32() > 0);
    std::int64_t time = fields.positive(version);
    std::int64_t position = sum(box.end, fields.positive(version));
    fields.skip(2);
    const int count = fields.u16();
    be_sure(count > 0);
    for (int i = 0; i < count; ++i) {
        const std::int32_t size = fields.i32();
        be_sure(size >= 0);  // not of further segment indexes
        position = sum(position, size);
        time = sum(time, fields.u32());
        fields.skip(4);
    }
    progress.has_segment_index = true;
    // As FFmpeg does, whatever the units of this box are.
    progress.track->duration = progress.end_time = time;
    const auto tail = clip.read(clip.size() - 4, 4);
    const std::int64_t random_access_bytes = Fields(tail).u32();
    const bool is_complete =
        position == clip.size() || position == clip.size() - random_access_bytes;
    if (is_complete) {
        tell_the_others(progress);
    }
    return is_complete;
}

void Fragments::tell_the_others(const Progress& told) {
    const auto has_index = [](const Progress& progress) { return progress.has_segment_index; };
    const auto telling = std::ranges::count_if(progress_, has_index);
    be_sure(telling == 1 || telling == static_cast<std::ptrdiff_t>(progress_.size()));
    for (Progress& other : progress_) {
        if (!other.has_segment_index) {
            other.track->duration = other.end_time =
                rescale(told.track->duration, other.track->time_scale, told.track->time_scale);
        }
    }
}

void Fragments::take_fragment(const FileBox& box, ClipBytes& clip) {
    // FFmpeg counts the places from there.
    be_sure(box.content_begin - box.begin == 8);
    next_media_ = box.begin;
    const auto content = content_of(box, clip);
    for_each_box(content, [&](const Box& inner) {
        if (inner.type == four_letters("traf")) {
            take_track_fragment(inner.content, box);
        } else {
            be_sure(inner.type == four_letters("mfhd"));
        }
    });
}

Fragments::Position Fragments::begin_track(Fields tfhd, const Progress& progress,
                                           std::int64_t moof_begin) const {
    const std::uint32_t flags = tfhd.u32() & 0xFF'FFFFU;
    tfhd.skip(4);
    Position position{.defaults = progress.defaults,
                      .base = (flags & kBaseIsFragment) != 0 ? moof_begin : next_media_,
                      .time = progress.end_time};
    if ((flags & kBaseOffset) != 0) {
        position.base = tfhd.positive64();
    }
    be_sure((flags & kDescription) == 0 || tfhd.u32() == 1);
    if ((flags & kDefaultDuration) != 0) {
        position.defaults.duration = tfhd.u32();
    }
    if ((flags & kDefaultSize) != 0) {
        position.defaults.size = tfhd.u32();
    }
    return position;
}

void Fragments::take_track_fragment(Bytes traf, const FileBox& moof) {
    Progress* progress = nullptr;
    std::optional<Position> position;
    bool has_time = false;
    for_each_box(traf, [&](const Box& box) {
        Fields fields(box.content);
        switch (box.type) {
            case four_letters("tfhd"):
                be_sure(progress == nullptr);
                progress = &progress_of((fields.skip(4), fields.u32()));
                position = begin_track(Fields(box.content), *progress, moof.begin);
                break;
            case four_letters("tfdt"): {
                be_sure(progress != nullptr && !has_time);
                const int version = fields.u8();
                be_sure(version <= 1);
                fields.skip(3);
                position->time = progress->end_time = fields.positive(version);
                has_time = true;
                break;
            }
            case four_letters("trun"):
                // Without it FFmpeg looks into segment indexes.
                be_sure(progress != nullptr && (has_time || !progress->has_segment_index));
                take_run(fields, *progress, *position, moof.end);
                has_time = true;
                break;
            default:
                throw Unsure{};
        }
    });
}

void Fragments::take_run(Fields trun, Progress& progress, Position& position,
                         std::int64_t moof_end) {
    const std::uint32_t flags = trun.u32() & 0xFF'FFFFU;
    const std::uint32_t count = trun.u32();
    const std::int64_t data_offset = (flags & kDataOffset) != 0 ? trun.i32() : 0;
    trun.skip((flags & kFirstFlags) != 0 ? 4 : 0);
    be_sure(count <= kMostSamples);
    if (count == 0) {
        return;
    }
    MediaRange& media = progress.track->samples.media;
    std::int64_t media_end = sum(position.base, data_offset);
    // Media that lie elsewhere would not tell what is in front of them.
    be_sure(media_end >= moof_end);
    media.begin = std::min(media.begin, media_end);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t duration =
            (flags & kDuration) != 0 ? trun.u32() : position.defaults.duration;
        const std::uint32_t size = (flags & kSize) != 0 ? trun.u32() : position.defaults.size;
        trun.skip(((flags & kFlags) != 0 ? 4U : 0U) + ((flags & kOffset) != 0 ? 4U : 0U));
        be_sure(size > 0);
        media_end = sum(media_end, size);
        take_sample(duration, progress, position);
    }
    media.end = std::max(media.end, media_end);
    next_media_ = media_end;
    progress.end_time = position.time;
    progress.track->duration = std::max(progress.track->duration, progress.end_time);
}

void Fragments::take_sample(std::int64_t duration, Progress& progress, Position& position) {
    SampleTable& samples = progress.track->samples;
    if (samples.sample_count > 0) {
        const std::int64_t step = position.time - progress.last_sample_time;
        // FFmpeg hides frames that are told of again.
        be_sure(step > 0);
        samples.steps.add(step);
    }
    progress.last_sample_time = position.time;
    position.time = sum(position.time, duration);
    samples.duration = sum(samples.duration, duration);
    be_sure(++samples.sample_count <= kMostSamples);
}

}  // namespace editprep::video::box_walk
