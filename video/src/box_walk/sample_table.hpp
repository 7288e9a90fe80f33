#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "box_walk/boxes.hpp"
#include "clip_timing.hpp"

namespace editprep::video::box_walk {

/// Where a track's media lie in the file.
struct MediaRange {
    std::int64_t begin = std::numeric_limits<std::int64_t>::max();
    std::int64_t end = 0;
};

/// What the tables of a track (ISO/IEC 14496-12, section 8.6 and 8.7) say in all.
struct SampleTable {
    std::int64_t sample_count = 0;
    /// In the track's time base.
    std::int64_t duration = 0;
    FrameSteps steps{};
    /// Of the samples that come first and all alike, but for one at most.
    std::optional<std::int64_t> steady_duration{};
    std::int64_t shortest_duration = std::numeric_limits<std::int64_t>::max();
    MediaRange media{};
    bool in_fragments = false;
};

/// The boxes of `stbl` without the sample description.
struct SampleBoxes {
    Bytes times{};      ///< stts
    Bytes offsets{};    ///< ctts, composition against decoding
    Bytes chunks{};     ///< stsc
    Bytes sizes{};      ///< stsz
    Bytes positions{};  ///< stco or co64
    bool wide_positions = false;
};

/// Takes a box of `stbl`; false when it is none of these.
[[nodiscard]] bool take_sample_box(SampleBoxes& boxes, const Box& box);

/// @param least_bytes of each sample, whatever its size is said to be: FFmpeg counts so where it
///        knows the codec's samples
[[nodiscard]] SampleTable read_sample_table(const SampleBoxes& boxes, std::int64_t least_bytes);

/// The one edit of a track that shows something, in the track's time base.
struct Edit {
    std::int64_t media_begin = 0;
    std::int64_t duration = 0;
    /// With the empty ones before it.
    std::int64_t whole_duration = 0;
};

/// Absent for a list without an edit. Unsure of more than an empty one and one that shows
/// something.
/// @param track_scale, movie_scale units a second
[[nodiscard]] std::optional<Edit> read_edit_list(Bytes elst, std::int64_t track_scale,
                                                 std::int64_t movie_scale);

/// True when FFmpeg keeps all samples of a video for this edit, and in their places.
[[nodiscard]] bool keeps_all_samples(const SampleBoxes& boxes, const Edit& edit);

}  // namespace editprep::video::box_walk
