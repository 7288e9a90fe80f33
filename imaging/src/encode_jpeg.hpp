#pragma once

#include <cstddef>
#include <vector>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// Baseline JPEG with optimised Huffman tables; colour is stored at full resolution (4:4:4) from
/// quality 90 on and at half (4:2:0) below. Alpha must be opaque throughout: invalid_argument
/// otherwise, and for a quality outside 1 to 100; limit_exceeded for a side above 65 500.
[[nodiscard]] std::vector<std::byte> encode_jpeg(const Image& image, int quality);

}  // namespace editprep::imaging
