#pragma once

#include <vector>

#include "backdrop/plane.hpp"
#include "backdrop/verdict.hpp"

namespace editprep::imaging {

/// Whose each cell is, by number of the region, or kNoRegion.
struct CellOwners {
    /// The region that it is part of.
    const Grid<int>& own;
    const Grid<int>& nearest;
    /// The region on its side of the strongest edge.
    const Grid<int>& basin;
};

/// The verdict of each cell: its region's, and on an outline one by the regions around it.
/// @param verdicts of the regions, by number
[[nodiscard]] Grid<Verdict> verdicts_of_cells(const CellOwners& owners,
                                              const std::vector<Verdict>& verdicts);

}  // namespace editprep::imaging
