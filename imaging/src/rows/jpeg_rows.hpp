#pragma once

#include <memory>

#include "encoded_source.hpp"
#include "header_facts.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// Reads the header alone, from no more of the file than it takes. Plain: grey, YCbCr and RGB,
/// baseline and progressive. Throws damaged_image.
[[nodiscard]] HeaderFacts probe_jpeg(const EncodedSource& source);

/// The rows of a plain picture, grey or RGB, by the slow integer DCT and with chroma interpolated.
/// Throws damaged_image, here or with the rows, when the entropy-coded data is cut short or
/// corrupt, or comes in more scans than any encoder makes. The source must outlive the reader.
[[nodiscard]] std::unique_ptr<RowReader> jpeg_rows(const EncodedSource& source,
                                                   const HeaderFacts& facts);

}  // namespace editprep::imaging
