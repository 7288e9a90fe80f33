#pragma once

#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {

/// Fills everything of a Selection but what select_object does for every mode (parts, holes, box
/// and hard edges). Points and box are within the picture.
[[nodiscard]] Selection select_by_backdrop(const Image& image, const SelectionOptions& options);

}  // namespace editprep::imaging
