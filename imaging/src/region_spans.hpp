#pragma once

#include "bits/bit_mask.hpp"
#include "editprep/imaging/region.hpp"

namespace editprep::imaging {

/// draw() of region.hpp on packed bits: selects the region's pixels and leaves the others.
void draw(const PlacedRegion& region, BitMask& mask);

}  // namespace editprep::imaging
