#pragma once

#include <cstddef>
#include <cstdint>

#include "bits/bit_mask.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// select_distant() for the whole words, if the processor has AVX2; for none of grey.
/// @returns how many words are done
[[nodiscard]] std::size_t select_distant_avx2(const std::uint8_t* row, Channels channels,
                                              std::size_t pixels, Color backdrop,
                                              int squared_threshold, BitMask::Word* out);

}  // namespace editprep::imaging
