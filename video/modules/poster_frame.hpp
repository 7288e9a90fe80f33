#pragma once

#include "conform_engine.hpp"

namespace editprep::video {

/// Throws decode_failed, too_complex, or what opening the clip throws.
[[nodiscard]] Poster make_poster(const PosterJob& job);

}  // namespace editprep::video
