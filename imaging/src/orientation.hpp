#pragma once

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// The size of a picture stored as `stored`, once it stands upright: orientations 5 to 8 swap the
/// sides.
[[nodiscard]] Size upright_size(Size stored, int orientation) noexcept;

/// The picture as a person sees it, from its stored pixels and its EXIF orientation (1 to 8):
/// 1 as it is; 2 mirrored left to right; 3 half a turn; 4 mirrored top to bottom; 5 mirrored along
/// the falling diagonal; 6 a quarter turn clockwise; 7 mirrored along the rising diagonal; 8 a
/// quarter turn counter-clockwise. 1 to 4 work in place.
[[nodiscard]] Image turn_upright(Image image, int orientation);

}  // namespace editprep::imaging
