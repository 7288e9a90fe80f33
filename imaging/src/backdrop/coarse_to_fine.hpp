#pragma once

#include <cstddef>

#include "backdrop/cell_memory.hpp"
#include "backdrop/evidence.hpp"
#include "backdrop/work_copy.hpp"

/// Noise hides from single cells what cells of twice the side, which have half of it, show.
namespace editprep::imaging {

/// Cells of the copy, in any order, that are inside an object, or a large part of one, which its
/// coarser cells show and its own do not.
/// @param picture RGB
/// @param copy no side shorter than 4
/// @param object_share in each cell of the copy the probability of object, as its own cells have it
/// @param threads at least 1; the result does not depend on it
[[nodiscard]] CellVector<std::size_t> find_objects_in_noise(const Image& picture,
                                                            const WorkCopy& copy,
                                                            const Plane& object_share,
                                                            const KnownCells& known, int threads);

/// In each cell the probability of object: by the evidence, and if that is noisy by coarser and
/// coarser cells.
/// @param evidence of the copy; what coarser cells find is written into its field, and nothing else
///     of it changes
[[nodiscard]] Plane solve_coarse_to_fine(const Image& picture, const WorkCopy& copy,
                                         const KnownCells& known, int threads, Evidence& evidence);

}  // namespace editprep::imaging
