#pragma once

#include <cstdint>

#include "backdrop/plane.hpp"

/// Filters on small rasters; beyond the border the edge cell is repeated.
namespace editprep::imaging {

/// Binomial, 3 x 3.
[[nodiscard]] Plane smooth(const Plane& plane);

/// The largest value within the square window of side 2 * reach + 1.
[[nodiscard]] Plane largest_within(const Plane& plane, int reach);
[[nodiscard]] Plane smallest_within(const Plane& plane, int reach);

/// All bits that are set within the square window of side 2 * reach + 1.
[[nodiscard]] Grid<std::uint8_t> united_within(const Grid<std::uint8_t>& bits, int reach);

/// How far each cell is from the nearest one that is marked, in cells, diagonal ones counted as
/// such; a million where none is.
[[nodiscard]] Plane distance_to_marked(const Grid<std::uint8_t>& marks);

}  // namespace editprep::imaging
