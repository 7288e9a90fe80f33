#pragma once

#include "backdrop/cell_labels.hpp"
#include "backdrop/matte_lattice.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// What backdrop and object look like around every place of the picture, as known from the cells
/// that are decided.
struct LocalColours {
    /// Nodes of 2 x 2 cells.
    Lattice lattice;
    /// The backdrop with the shadows that lie on it.
    Planes backdrop;
    /// The object's colour minus the backdrop's.
    Planes contrast;
};

[[nodiscard]] LocalColours local_colours(const WorkCopy& copy, const CellLabels& labels,
                                         const BackdropModel& backdrop);

}  // namespace editprep::imaging
