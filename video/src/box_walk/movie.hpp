#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "box_walk/boxes.hpp"
#include "box_walk/sample_entry.hpp"
#include "box_walk/sample_table.hpp"

/// The index of a clip: `moov` (ISO/IEC 14496-12, section 8.2.1, and QuickTime).
namespace editprep::video::box_walk {

enum class TrackKind { picture, sound, other };

struct Track {
    std::uint32_t id = 0;
    TrackKind kind = TrackKind::other;
    bool is_enabled = false;
    bool mirrored = false;
    int rotation_degrees = 0;
    /// Units a second.
    std::int64_t time_scale = 0;
    /// Of the whole, in these units.
    std::int64_t duration = 0;
    std::vector<std::uint32_t> chapter_tracks{};
    PictureEntry picture{};
    SoundEntry sound{};
    SampleTable samples{};
};

/// What holds for the samples of a track in fragments when they do not say it (`trex`).
struct FragmentDefaults {
    std::uint32_t track_id = 0;
    std::uint32_t duration = 0;
    std::uint32_t size = 0;
};

struct Movie {
    std::int64_t time_scale = 0;
    std::int64_t duration = 0;
    std::vector<Track> tracks{};
    std::vector<FragmentDefaults> fragment_defaults{};

    [[nodiscard]] bool is_fragmented() const noexcept { return !fragment_defaults.empty(); }
};

[[nodiscard]] Movie read_movie(Bytes moov);

}  // namespace editprep::video::box_walk
