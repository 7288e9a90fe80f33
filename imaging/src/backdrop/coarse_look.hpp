#pragma once

#include <cstddef>

#include "backdrop/cell_memory.hpp"
#include "backdrop/evidence.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Cells of objects, or of large parts of them, that drown in the noise of single cells and stand
/// out from that of four together. Their outlines are not among them.
/// @param picture RGB
/// @param object_share in each cell of the copy the probability of object, by single cells
/// @param threads at least 1; the result does not depend on it
[[nodiscard]] CellVector<std::size_t> look_at_coarse_cells(const Image& picture,
                                                           const WorkCopy& copy,
                                                           const Plane& object_share,
                                                           const KnownCells& known, int threads);

/// In each cell the probability of object, by the evidence and, where that is noisy, by coarser and
/// coarser cells, whose word the evidence takes in.
/// @param evidence of the copy
[[nodiscard]] Plane solve_through_noise(const Image& picture, const WorkCopy& copy,
                                        const KnownCells& known, int threads, Evidence& evidence);

}  // namespace editprep::imaging
