#pragma once

#include <algorithm>

namespace editprep::imaging {

/// From 0 to 1 as x does, without a bend at either end (Hermite's cubic); 0 below, 1 above.
[[nodiscard]] inline float smooth_step(float x) {
    const float inside = std::clamp(x, 0.0F, 1.0F);
    return inside * inside * (3 - 2 * inside);
}

}  // namespace editprep::imaging
