#pragma once

#include <cstddef>

#include "backdrop/plane.hpp"

/// Thin lines on small rasters of three channels.
namespace editprep::imaging {

/// How strongly a cell stands out as part of a line, squared: by how much three cells along the
/// line, summed up, differ from the three that lie `reach` cells to either side, to the nearer of
/// them; 0 where these differ in other ways than each other, as at an edge. In the best of four
/// directions. Cells nearer to the border than reach + 1 have 0.
[[nodiscard]] Plane measure_ridges(const Planes& values, int reach);

inline constexpr std::size_t kRidgeDirections = 4;

/// That of one cell, in one direction.
[[nodiscard]] float ridge_at(const Planes& values, int x, int y, int reach, std::size_t direction);

}  // namespace editprep::imaging
