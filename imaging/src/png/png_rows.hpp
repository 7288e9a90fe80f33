#pragma once

#include <memory>

#include "encoded_source.hpp"
#include "header_facts.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// The rows of a plain picture as stored: grey, RGB or RGBA. Palettes become colours; any kind of
/// transparency gives RGBA. An interlaced picture is held whole. Throws damaged_image, here or with
/// the rows. The source must outlive the reader.
/// Source: ISO/IEC 15948:2004 (PNG).
[[nodiscard]] std::unique_ptr<RowReader> png_rows(const EncodedSource& source,
                                                  const HeaderFacts& facts);

}  // namespace editprep::imaging
