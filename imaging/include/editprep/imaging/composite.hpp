#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Putting an edited picture back under the mask.
namespace editprep::imaging {

/// The original where the mask is 0 (bit-identical), the edited picture where it is 255, a blend
/// between. The result has the original's size; it is RGBA when either picture has an alpha
/// channel, else RGB (grey only when both are grey). Blending is done on premultiplied colours, in
/// sRGB values, rounded to nearest.
///
/// `edited` may have another size; it is then resampled once (Lanczos). The mask must have the
/// original's size: size_mismatch otherwise.
[[nodiscard]] Image composite(const Image& original, const Image& edited, const Mask& mask);

/// `front` over `back` (Porter-Duff), both of one size. RGBA.
[[nodiscard]] Image over(const Image& back, const Image& front);

/// A checkerboard of light and mid grey squares, what people read as "transparent". RGB.
[[nodiscard]] Image checkerboard(Size size, int square_px = 12);

}  // namespace editprep::imaging
