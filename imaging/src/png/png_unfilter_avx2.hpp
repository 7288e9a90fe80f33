#pragma once

#include "png/png_unfilter.hpp"

namespace editprep::imaging {

/// Sub, Average and Paeth for pixels of 3 and 4 bytes, a pixel at a time: each needs the pixel on
/// its left finished, so that there is no more to do at once. False, and nothing is done, for other
/// filters, other pixels and processors without AVX2 (of which it wants the short instructions, not
/// the width).
[[nodiscard]] bool png_unfilter_avx2(unsigned filter, const FilteredRow& row);

}  // namespace editprep::imaging
