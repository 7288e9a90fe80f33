#pragma once

#include "backdrop/cell_labels.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {

/// Lets the points decide about the place that they lie in, where the mask says otherwise:
/// - a background point on something selected opens the stretch around it if it looks like the
///   backdrop, perhaps in shade, and is the smaller part of what it hangs together with: a gap that
///   was taken for object. Elsewhere nothing happens: the whole part is meant;
/// - an object point on nothing selected adds the stretch of its colour around it, if it ends
///   before the border of the picture and no background point lies in it.
/// The edge of such a stretch is soft as the picture's is. The order of the points does not matter.
/// @param picture RGB
/// @param scale pixels along a cell's side
/// @param mask of the picture's size
void follow_points(const SelectionOptions& options, const Image& picture,
                   const BackdropModel& model, int scale, Mask& mask);

}  // namespace editprep::imaging
