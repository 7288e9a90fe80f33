#pragma once

#include "bits/bit_mask.hpp"
#include "editprep/imaging/mask_file.hpp"
#include "gaussian_rows.hpp"

namespace editprep::imaging {

/// Hands over the rows of the mask that feather() and then, if wished, invert() make of the bits
/// as a mask of 0 and 255. Where nothing changes from row to row, a null pointer comes, and costs
/// next to nothing.
/// @param sigma_px as for feather(); zero or less: no feather
/// @returns what facts_of() says about that mask
MaskFacts write_mask_rows(const BitMask& bits, double sigma_px, bool inverted, const RowSink& sink);

}  // namespace editprep::imaging
