#pragma once

#include "editprep/imaging/image.hpp"
#include "line_pass.hpp"

namespace editprep::imaging {

/// The blur of feather() (mask_morphology.hpp), in place on every channel alone; alpha is not
/// premultiplied.
void gaussian_blur(const Raster& raster, double sigma_px);

[[nodiscard]] Image gaussian_blur(const Image& image, double sigma_px);

}  // namespace editprep::imaging
