#pragma once

#include <cstddef>
#include <cstdint>

#include "bits/bit_mask.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// Selects the pixels of a row whose squared colour distance to the backdrop is at least
/// `squared_threshold`. Alpha is not looked at.
void select_distant(const std::uint8_t* row, Channels channels, std::size_t pixels, Color backdrop,
                    int squared_threshold, BitMask::Word* out);

/// Selects the pixels of an RGBA row whose alpha is at least `threshold`.
void select_opaque(const std::uint8_t* rgba, std::size_t pixels, int threshold, BitMask::Word* out);

}  // namespace editprep::imaging
