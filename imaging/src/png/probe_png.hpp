#pragma once

#include "encoded_source.hpp"
#include "header_facts.hpp"

namespace editprep::imaging {

/// Reads the chunks around the pixels, stepping over these. Plain: everything of up to 8 bits that
/// needs no colour conversion, animations too (their default picture). Throws damaged_image.
[[nodiscard]] HeaderFacts probe_png(const EncodedSource& source);

}  // namespace editprep::imaging
