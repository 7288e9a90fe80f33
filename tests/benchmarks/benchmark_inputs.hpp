#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Seeded 12-megapixel inputs, made once.
namespace editprep::benchmarks {

inline constexpr imaging::Size kSize{4000, 3000};
/// What canvases add on every side.
inline constexpr int kCanvasMargin = 512;

/// Detail at every scale and some grain, as a camera gives.
[[nodiscard]] const imaging::Image& photo();
/// A textured object on a flat backdrop of (243, 244, 246).
[[nodiscard]] const imaging::Image& product();
/// The same thing, drawn in another size.
[[nodiscard]] imaging::Image product_of(imaging::Size size);
/// The object's mask, 0 or 255.
[[nodiscard]] const imaging::Mask& object_mask();

}  // namespace editprep::benchmarks
