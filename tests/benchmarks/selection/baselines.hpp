#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// What people use instead.
namespace editprep::benchmarks {

/// Distance to the mean of the four corners, and the threshold that parts its histogram best
/// (Otsu 1979).
[[nodiscard]] imaging::Mask select_by_otsu(const imaging::Image& image);

/// OpenCV's GrabCut, five rounds, started as people do: a frame of 2 % is backdrop for certain,
/// the rest is perhaps object. It takes seconds a megapixel: larger pictures are shrunk to one
/// megapixel, and the mask is scaled up.
[[nodiscard]] imaging::Mask select_by_grab_cut(const imaging::Image& image);

/// ImageMagick's flood fill from the border at 20 % fuzz: a frame in the colour of the top left
/// corner is put around the picture and filled.
[[nodiscard]] imaging::Mask select_by_flood_fill(const imaging::Image& image);
/// False when the program `convert` is missing.
[[nodiscard]] bool has_flood_fill();

}  // namespace editprep::benchmarks
