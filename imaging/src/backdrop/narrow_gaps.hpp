#pragma once

#include "backdrop/cell_labels.hpp"
#include "backdrop/gap_clues.hpp"

namespace editprep::imaging {

/// Where two rods meet, the gap between them ends in a wedge that is all outline and thus counts as
/// the object. From where cells on the outline look like the backdrop, hang together with it and
/// have the same colour on both sides, such a gap is followed into the object for as long as its
/// cells lie between the backdrop's colour and that of its sides. These cells, and those beside
/// them, become undecided.
void reopen_narrow_gaps(const GapClues& clues, CellLabels& labels);

}  // namespace editprep::imaging
