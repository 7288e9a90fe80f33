#pragma once

#include <vector>

#include "backdrop/cell_labels.hpp"
#include "backdrop/cell_noise.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Strings, wires and hairs that are too faint for an edge are taken for backdrop, one cell after
/// the other; all together they show as long narrow lines. Those that lead away from the object
/// become undecided, with the cells beside them, so that their pixels decide.
/// @param light the backdrop's
/// @param backdrop cells that somebody says are the backdrop's; lines through them stay
void reopen_fine_strings(const WorkCopy& copy, const Planes& light, const CellNoise& noise,
                         const std::vector<Point>& backdrop, CellLabels& labels);

}  // namespace editprep::imaging
