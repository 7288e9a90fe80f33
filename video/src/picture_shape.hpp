#pragma once

#include <cstdint>
#include <limits>
#include <utility>

#include "editprep/video/media_info.hpp"

namespace editprep::video {

/// As a player shows stored frames: pixels made square by stretching the width, to the nearest
/// pixel, then turned. An aspect that no screen holds is left out.
[[nodiscard]] inline FrameSize display_size_of(FrameSize coded, PixelAspect aspect,
                                               int rotation_degrees) {
    const std::int64_t stretched = std::int64_t{coded.width} * aspect.numerator;
    const std::int64_t square = (stretched + aspect.denominator / 2) / aspect.denominator;
    const bool plausible = square > 0 && square <= std::numeric_limits<int>::max();
    FrameSize display{plausible ? static_cast<int>(square) : coded.width, coded.height};
    if (rotation_degrees % 180 != 0) {
        std::swap(display.width, display.height);
    }
    return display;
}

}  // namespace editprep::video
