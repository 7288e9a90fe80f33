#pragma once

#include <cstdint>
#include <vector>

#include "box_walk/clip_bytes.hpp"
#include "box_walk/movie.hpp"

namespace editprep::video::box_walk {

/// The frames of a clip in fragments (ISO/IEC 14496-12, section 8.8), added to the tracks of its
/// index. Fragments are taken in the order of the file.
class Fragments {
public:
    /// @param movie must outlive this; its tracks are completed
    explicit Fragments(Movie& movie);

    /// `sidx`; true when it tells of all that the file holds.
    [[nodiscard]] bool take_segment_index(const FileBox& box, ClipBytes& clip);
    /// `moof`.
    void take_fragment(const FileBox& box, ClipBytes& clip);

private:
    /// What is known of a track by what was read so far; times in its own units.
    struct Progress {
        Track* track = nullptr;
        FragmentDefaults defaults{};
        std::int64_t last_sample_time = 0;
        std::int64_t end_time = 0;
        bool has_segment_index = false;
    };
    /// Of the track fragment that is being read.
    struct Position {
        FragmentDefaults defaults{};
        std::int64_t base = 0;
        /// Decoding time of the next sample.
        std::int64_t time = 0;
    };

    [[nodiscard]] Progress& progress_of(std::uint32_t track_id);
    [[nodiscard]] Position begin_track(Fields tfhd, const Progress& progress,
                                       std::int64_t moof_begin) const;
    void take_track_fragment(Bytes traf, const FileBox& moof);
    void take_run(Fields trun, Progress& progress, Position& position, std::int64_t moof_end);
    void take_sample(std::int64_t duration, Progress& progress, Position& position);
    void tell_the_others(const Progress& told);

    std::vector<Progress> progress_{};
    /// Where the media of the next run begin that does not say it.
    std::int64_t next_media_ = 0;
};

}  // namespace editprep::video::box_walk
