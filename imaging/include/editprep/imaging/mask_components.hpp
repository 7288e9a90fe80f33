#pragma once

#include <span>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/mask.hpp"

/// Separate parts and holes of a mask. A pixel counts as selected from 128 on; selected pixels hang
/// together over sides and corners, unselected ones over sides only. Soft pixels (1 to 127) go with
/// the part to which the shortest way through other soft pixels leads, over sides and corners;
/// those from which no way leads to a selected pixel are faint: no part holds them. Pixels that
/// stay keep their values. Results have the size of the input; the cost is linear in the number of
/// pixels.
namespace editprep::imaging {

/// Only the part with the most selected pixels; of equal ones the first from the top left. A mask
/// without selected pixels is returned as it is.
[[nodiscard]] Mask keep_largest_part(const Mask& mask);

/// Only the parts that hold one of the points. A point that is not selected stands for the part
/// that it goes with when it is soft (a faint one for the faint pixels that hang together with it),
/// else for the part nearest to it. Points outside of the mask are invalid_argument.
[[nodiscard]] Mask keep_parts_at(const Mask& mask, std::span<const Point> points);

/// Without the parts of which a selected pixel is one of the points, and without the faint pixels
/// that hang together with one. Other points change nothing: a soft edge does not speak for the
/// part behind it. Points outside of the mask are invalid_argument.
[[nodiscard]] Mask drop_parts_at(const Mask& mask, std::span<const Point> points);

/// Unselected pixels from which no way leads to the mask's border become 255, and so do the pixels
/// of 128 to 254 around them as far as these are nearer to the hole than to the outside.
[[nodiscard]] Mask fill_holes(const Mask& mask);

/// 255 from 128 on, else 0.
[[nodiscard]] Mask harden(const Mask& mask);

/// 0 outside of the box, which may reach beyond the mask.
[[nodiscard]] Mask clear_outside(const Mask& mask, const Rect& box);

}  // namespace editprep::imaging
