#pragma once

#include "box_walk/boxes.hpp"

namespace editprep::video::box_walk {

/// Checks that a box of a movie or a track holds words and pictures about it, or nothing, in a form
/// that FFmpeg reads through (user data, `meta`, free space). None of these says anything about the
/// frames.
void be_sure_of_metadata(const Box& box);

}  // namespace editprep::video::box_walk
