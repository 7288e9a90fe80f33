#pragma once

#include "colour.hpp"
#include "raster.hpp"

namespace editprep::benchmarks {

/// Direct convolution to three deviations; edge pixels repeat. Sigma 0 gives a copy.
[[nodiscard]] Plane gaussian_blur(const Plane& plane, double sigma);
[[nodiscard]] Picture gaussian_blur(const Picture& picture, double sigma);

/// Mean of the covered area when smaller, linear between pixels when larger, per side.
[[nodiscard]] Plane resample(const Plane& plane, imaging::Size size);

/// Linear between pixel centres; `x` and `y` in pixels, edge pixels repeat.
[[nodiscard]] float sample(const Plane& plane, double x, double y) noexcept;

}  // namespace editprep::benchmarks
