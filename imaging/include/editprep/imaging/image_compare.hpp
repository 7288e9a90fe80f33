#pragma once

#include <cstdint>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Measuring what an edit changed.
namespace editprep::imaging {

struct Difference {
    /// Largest difference of any channel.
    int largest = 0;
    /// Mean difference over all channels and compared pixels.
    double mean = 0;
    /// Number of pixels that differ in any channel.
    std::int64_t changed_pixels = 0;
    /// Number of pixels that were compared.
    std::int64_t compared_pixels = 0;
};

/// Both pictures as RGBA, pixel by pixel; throws size_mismatch.
[[nodiscard]] Difference compare(const Image& a, const Image& b);
/// Only the pixels that the mask keeps (value 0): an honest edit has no changed pixel there.
[[nodiscard]] Difference compare_kept(const Image& a, const Image& b, const Mask& mask);

}  // namespace editprep::imaging
