#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace editprep::imaging {

/// Rounded to nearest, and clamped to [0, 255].
[[nodiscard]] inline std::uint8_t to_byte(float value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
}

}  // namespace editprep::imaging
