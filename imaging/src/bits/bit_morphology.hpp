#pragma once

#include "bits/bit_mask.hpp"

namespace editprep::imaging {

/// grow() and shrink() of mask_morphology.hpp, in place, on packed bits, in a number of steps that
/// grows with the logarithm of the radius.
void grow(BitMask& mask, int radius_px);
void shrink(BitMask& mask, int radius_px);

}  // namespace editprep::imaging
