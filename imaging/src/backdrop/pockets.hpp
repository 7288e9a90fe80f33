#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// A part of a stretch of cells that hangs together with the rest only through gaps.
struct Pocket {
    CellVector<std::size_t> cells;
    /// Sides of its cells towards the rest of the stretch, other pockets apart, and towards what is
    /// no part of it.
    int gap = 0;
    int outline = 0;
};

/// The pockets that gaps of up to 2 * reach cells open to the rest. What is narrower than such a
/// gap itself is part of none.
/// Source: openings and geodesic reconstruction, P. Soille, "Morphological Image Analysis", 2003.
/// @param stretch 1 in its cells, else 0
/// @param anchor 1 in the cells whose neighbourhood is no pocket, as it is the rest
[[nodiscard]] std::vector<Pocket> find_pockets(const Grid<std::uint8_t>& stretch,
                                               const Grid<std::uint8_t>& anchor, int reach);

}  // namespace editprep::imaging
