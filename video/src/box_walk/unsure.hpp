#pragma once

namespace editprep::video::box_walk {

/// Thrown inside the walk, and never out of it, where FFmpeg might see a file otherwise: the file
/// is then FFmpeg's.
struct Unsure {};

inline void be_sure(bool certain) {
    if (!certain) {
        throw Unsure{};
    }
}

}  // namespace editprep::video::box_walk
