#pragma once

#include "editprep/imaging/mask.hpp"

/// Growing, shrinking, feathering and inverting masks. Results have the size of the input.
/// The cost of every function is linear in the number of pixels and does not depend on the radius.
namespace editprep::imaging {

/// Dilation: the maximum over the square window of side 2*radius+1 (Chebyshev distance, not a
/// disc), clipped at the border. A radius of zero or less returns an equal mask.
[[nodiscard]] Mask grow(const Mask& mask, int radius_px);

/// Erosion: the minimum over the same window.
[[nodiscard]] Mask shrink(const Mask& mask, int radius_px);

/// Gaussian blur of standard deviation `sigma_px`, approximated by three extended box blurs along
/// rows and three along columns, each rounded to 8 bits, edge pixels repeated. Bit-equal to the
/// filter that Pillow calls GaussianBlur. Never reaches further than feather_reach(sigma_px)
/// pixels. A sigma of zero or less returns an equal mask; NaN or more than kMaxFeatherSigma is
/// invalid_argument.
/// Source: P. Gwosdek, S. Grewenig, A. Bruhn, J. Weickert, "Theoretical foundations of Gaussian
/// convolution by extended box filtering", SSVM 2011.
[[nodiscard]] Mask feather(const Mask& mask, double sigma_px);

/// Largest accepted sigma; a wider blur is flat on any picture within the Limits.
inline constexpr double kMaxFeatherSigma = 10'000.0;

/// How many pixels beyond a selected pixel feather() can reach.
[[nodiscard]] int feather_reach(double sigma_px);

/// 255 - value.
[[nodiscard]] Mask invert(const Mask& mask);

}  // namespace editprep::imaging
