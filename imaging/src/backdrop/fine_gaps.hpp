#pragma once

#include <array>
#include <vector>

#include "backdrop/cell_labels.hpp"
#include "backdrop/regions.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// What tells solid parts of an object from hairs, ribs, spokes and meshes.
struct FineGapClues {
    const Image& picture;
    const WorkCopy& copy;
    /// The backdrop's light.
    const Planes& light;
    /// Standard deviation of a single pixel of the backdrop, per channel.
    const std::array<float, 3>& pixel_noise;
    const Grid<Verdict>& verdict;
    /// Cells that somebody says are the object's.
    const std::vector<Point>& object;
};

/// Between parts that lie closer together than the cells can tell, everything is outline, and what
/// an outline encloses counts as the object. Such places become undecided where the pixels show
/// that backdrop is seen between the parts: they differ from it as unequally as thin coverage and
/// full coverage do, no region of the object holds the place, and it lies open to the outside
/// along a good part of its rim, as a print does not.
void reopen_fine_gaps(const FineGapClues& clues, CellLabels& labels);

}  // namespace editprep::imaging
