#pragma once

#include <cstdint>

#include "backdrop/random_walker.hpp"

/// Where edges run, by the ties between neighbours.
namespace editprep::imaging {

/// 1 in cells at an edge, and in those beside them: a brush of three cells does not slip through
/// the gaps of an outline that is faint in places.
[[nodiscard]] Grid<std::uint8_t> near_edges(const WalkerField& ties);

/// The same, with the edges followed to where they are faint.
/// Source of the hysteresis: J. Canny, "A computational approach to edge detection", PAMI 1986.
/// @param near what near_edges gives
[[nodiscard]] Grid<std::uint8_t> near_faint_edges(const WalkerField& ties, Grid<std::uint8_t> near);

}  // namespace editprep::imaging
