#pragma once

#include "backdrop/cell_labels.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// The share of every pixel that the object covers, from what the small copy decided: 0 in cells of
/// backdrop, 255 in cells of the object, and in undecided cells estimated per pixel from the
/// colours of the backdrop and of the object nearby. The picture is RGB. The result does not depend
/// on the number of threads (at least 1).
[[nodiscard]] Mask edge_matte(const Image& picture, const WorkCopy& copy, const CellLabels& labels,
                              const BackdropModel& backdrop, int threads);

}  // namespace editprep::imaging
