#pragma once

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Half the sides, the last cell of an odd one included.
[[nodiscard]] Size half(Size size);

/// Adds each two neighbours of a row of `width` values to one of half as many, the last value of
/// an odd row alone.
void add_halved(const float* from, float* to, int width);

/// The sums of two by two cells.
[[nodiscard]] Plane halve(const Plane& fine);

}  // namespace editprep::imaging
