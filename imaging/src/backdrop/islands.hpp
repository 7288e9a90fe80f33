#pragma once

#include <cstddef>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Cells that hang together and that a stretch surrounds on all sides.
using Island = CellVector<std::size_t>;

/// The islands in one stretch of cells. What lies behind the border of the picture surrounds
/// nothing.
/// @param owner the number of the stretch that each cell is part of
/// @param cells all that have the number of the first
[[nodiscard]] std::vector<Island> find_islands(const Grid<int>& owner,
                                               const CellVector<std::size_t>& cells);

}  // namespace editprep::imaging
