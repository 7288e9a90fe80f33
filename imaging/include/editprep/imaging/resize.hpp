#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Resampling. Separable, horizontal then vertical, each only where that side changes; a smaller
/// result is anti-aliased by widening the kernel. Fixed-point weights (22 bits), 8 bits between the
/// two passes: bit-equal to Pillow's resize with the kernel of the same name.
namespace editprep::imaging {

enum class ResizeKernel {
    /// Cubic convolution, a = -0.5, support 2 (R. Keys, 1981).
    bicubic,
    /// Windowed sinc, a = 3.
    lanczos,
};

/// Exactly `size`. Colours of RGBA images are premultiplied for the resampling, so transparent
/// pixels do not bleed.
[[nodiscard]] Image resize(const Image& image, Size size,
                           ResizeKernel kernel = ResizeKernel::lanczos);
[[nodiscard]] Mask resize(const Mask& mask, Size size, ResizeKernel kernel = ResizeKernel::bicubic);

/// The largest size with the same aspect that fits into `box` (never larger than `size` itself);
/// sides are at least 1.
[[nodiscard]] Size fit_inside(Size size, Size box) noexcept;

/// The part inside `rect`, which must lie within the image and not be empty.
[[nodiscard]] Image crop(const Image& image, const Rect& rect);
[[nodiscard]] Mask crop(const Mask& mask, const Rect& rect);

}  // namespace editprep::imaging
