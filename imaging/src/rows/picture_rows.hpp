#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// What read_image gives, row by row.
struct PictureRows {
    ImageInfo info;
    std::vector<std::string> notes;
    std::unique_ptr<RowReader> rows;
};

/// Nothing for a picture that must be turned upright or converted: read_image does that, to the
/// whole of it. Errors as read_image; the source must outlive the result.
[[nodiscard]] std::optional<PictureRows> open_upright_rows(EncodedSource& source,
                                                           const Limits& limits);

}  // namespace editprep::imaging
