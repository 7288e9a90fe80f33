#pragma once

#include <cstddef>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Cells from left to right and from top to bottom, the last ones included.
struct CellBox {
    int left = 0;
    int top = 0;
    int right = -1;
    int bottom = -1;
};

/// Cells that hang together and that a stretch surrounds on all sides.
using Island = CellVector<std::size_t>;

/// The islands in one stretch of cells. What lies behind the border of the
/// picture surrounds nothing.
/// @param owner the number of the stretch that each cell is part of
/// @param box holds all cells of the stretch
[[nodiscard]] std::vector<Island> find_islands(const Grid<int>& owner, int stretch,
                                               const CellBox& box);

}  // namespace editprep::imaging
