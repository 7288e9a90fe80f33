#pragma once

#include "backdrop/cell_labels.hpp"
#include "backdrop/matte_band.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// What specks are judged by.
struct SpeckSurroundings {
    const Image& picture;
    const WorkCopy& copy;
    const CellLabels& labels;
    const BackdropModel& backdrop;
    const UndecidedBand& band;
};

/// Fills gaps in undecided places that no cell of the backdrop reaches, unless the backdrop is seen
/// through them, and empties the small ones of those that hang together with no cell of the object.
/// Only undecided pixels change.
void clear_specks(const SpeckSurroundings& around, Mask& mask);

}  // namespace editprep::imaging
