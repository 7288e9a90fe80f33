#pragma once

#include <cstdint>
#include <vector>

#include "backdrop/plane.hpp"
#include "backdrop/pockets.hpp"
#include "backdrop/region_clues.hpp"

namespace editprep::imaging {

/// Pockets that differ from the light and hardly change from cell to cell, as what is painted does
/// and the slope of a soft shadow does not. What has the tone of its own shadow is found so, though
/// no edge parts the two. Their outline is where the light lies within a few cells; elsewhere they
/// go over into something else, which is the gap.
/// @param stretch 1 in the cells that may be theirs, else 0
[[nodiscard]] std::vector<Pocket> find_plateaus(const Grid<std::uint8_t>& stretch,
                                                const RegionClues& clues);

}  // namespace editprep::imaging
