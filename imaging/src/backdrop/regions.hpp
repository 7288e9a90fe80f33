#pragma once

#include <vector>

#include "backdrop/region_clues.hpp"
#include "backdrop/verdict.hpp"

namespace editprep::imaging {

/// What somebody knows better.
struct KnownCells {
    std::vector<Point> object;
    std::vector<Point> backdrop;
};

/// The picture is told apart in four steps: cells without an edge nearby make the regions; what
/// hangs together with the open backdrop through gaps alone is parted from it; the outlines between
/// go to the regions beside them; then each region is judged by what it is and by what lies across
/// its outline, and each cell of an outline by the regions around it.
[[nodiscard]] Grid<Verdict> judge_regions(const RegionClues& clues, const KnownCells& known);

}  // namespace editprep::imaging
