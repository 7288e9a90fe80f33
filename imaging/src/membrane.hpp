#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Filling the unknown part of a picture smoothly, on a smaller copy.
namespace editprep::imaging {

/// The size of a copy in cells of factor x factor pixels, fewer at the right and bottom edge.
[[nodiscard]] constexpr Size shrunk(Size size, int factor) noexcept {
    return {(size.width + factor - 1) / factor, (size.height + factor - 1) / factor};
}

/// Unknown pixels are 255 in `unknown` and undefined in `image`, the others 0.
struct KnownCopy {
    Image image;
    Mask unknown;
};

/// Every pixel of the copy is the mean of the known pixels (mask 0) in its cell, so that what is to
/// vanish does not tint what remains; it is unknown when its cell has none.
[[nodiscard]] KnownCopy shrink_known(const Image& picture, const Mask& mask, int factor);

/// The copy in the size of the picture it was made of.
[[nodiscard]] Image enlarge(const Image& copy, int factor, Size size);

/// Fills the unknown pixels, of which not all may be unknown, with the smoothest surface that meets
/// the others (Laplace's equation), from coarse to fine.
void span_membrane(Image& image, const Mask& unknown);

}  // namespace editprep::imaging
