#pragma once

#include "editprep/imaging/object_selection.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// Fills everything of a Selection but what select_object does for every mode (parts, holes, box
/// and hard edges). Points and box are within the picture.
[[nodiscard]] Selection select_by_backdrop(const Image& image, const SelectionOptions& options);

/// Of a picture of which no row has been read yet; it is looked at while it is read. Throws
/// damaged_image.
[[nodiscard]] Selection select_by_backdrop(RowReader& rows, const SelectionOptions& options);

}  // namespace editprep::imaging
