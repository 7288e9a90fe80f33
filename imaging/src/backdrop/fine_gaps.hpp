#pragma once

#include "backdrop/cell_labels.hpp"
#include "backdrop/gap_clues.hpp"

namespace editprep::imaging {

/// Between parts that lie closer together than the cells can tell, everything is outline, and what
/// an outline encloses counts as the object. Such places become undecided where the pixels show
/// that backdrop is seen between the parts: they differ from it as unequally as thin coverage and
/// full coverage do, no region of the object holds the place, and it lies open to the outside
/// along a good part of its rim, as a print does not.
void reopen_fine_gaps(const GapClues& clues, CellLabels& labels);

}  // namespace editprep::imaging
