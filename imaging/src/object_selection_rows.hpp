#pragma once

#include "editprep/imaging/object_selection.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// As select_object (editprep/imaging/object_selection.hpp) of a picture of which no row has been
/// read yet: for `backdrop` it is looked at while it is read. Errors of that, and damaged_image.
[[nodiscard]] Selection select_object(RowReader& rows, const SelectionOptions& options);

}  // namespace editprep::imaging
