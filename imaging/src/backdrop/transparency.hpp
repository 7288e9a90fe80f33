#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// What is transparent is backdrop, whatever colour is stored there.
namespace editprep::imaging {

/// The picture in RGB, laid over one colour: what its border shows on average, or, where the border
/// is transparent, a colour that the picture has nowhere.
/// @param picture RGBA
[[nodiscard]] Image over_backdrop(const Image& picture);

/// Nothing covers more than its alpha.
/// @param picture RGBA; @param mask of its size
void limit_to_alpha(const Image& picture, Mask& mask);

}  // namespace editprep::imaging
