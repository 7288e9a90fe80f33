#pragma once

#include <cstddef>
#include <vector>

#include "encoded_source.hpp"
#include "png/png_chunks.hpp"
#include "png/png_layout.hpp"

namespace editprep::imaging {

/// The data of a tRNS chunk; empty where the chunk says nothing, as readers agree: it is damaged,
/// its length does not fit the colours, or these have an alpha channel of their own.
/// @param palette_colors how many the chunks before had
/// Source: ISO/IEC 15948:2004 (PNG), section 11.3.2.1.
[[nodiscard]] std::vector<std::byte> png_transparency(const EncodedSource& source,
                                                      const PngChunk& chunk, PngColor color,
                                                      std::size_t palette_colors);

}  // namespace editprep::imaging
