#pragma once

#include <cstdint>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/resize.hpp"

namespace editprep::imaging {

/// A size that no image has: only a part of it is ever made.
struct VirtualSize {
    std::int64_t width = 0;
    std::int64_t height = 0;
};

/// A part of a picture of that size.
struct Window {
    std::int64_t left = 0;
    std::int64_t top = 0;
    Size size;
};

/// The part `window`, which must lie inside, of resize(image, full, kernel): the same pixels, at
/// the cost of the part.
[[nodiscard]] Image resize_window(const Image& image, const VirtualSize& full, const Window& window,
                                  ResizeKernel kernel);

}  // namespace editprep::imaging
