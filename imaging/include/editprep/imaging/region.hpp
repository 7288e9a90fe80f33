#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/mask.hpp"

/// Regions that a person names: rectangles, boxes and ellipses, in pixels or in percent of the
/// picture, and the masks made of them.
namespace editprep::imaging {

enum class RegionShape { rectangle, ellipse };
enum class RegionUnit { pixels, percent };
/// How the four numbers are meant: x, y, width, height; or the two corners x1, y1, x2, y2.
enum class RegionForm { origin_and_size, corners };

/// A region before it meets a picture. Numbers may be fractional and may lie outside the picture.
struct Region {
    RegionShape shape = RegionShape::rectangle;
    RegionUnit unit = RegionUnit::pixels;
    RegionForm form = RegionForm::origin_and_size;
    std::array<double, 4> numbers{};
    /// How the region is called in messages: kind and numbers as its user wrote them.
    std::string label;
};

/// Parses `kind:a:b:c:d` with kind one of rect, box, ellipse, rect-pct, box-pct, ellipse-pct
/// (case-sensitive) and four finite numbers. Throws invalid_region.
[[nodiscard]] Region parse_region(std::string_view text);

/// Where a region falls on a picture: the two corner pixels, **both of which are drawn**, so a
/// rectangle from (4, 4) to (24, 24) covers 21 x 21 pixels. Corners are rounded to the nearest
/// integer, ties to even, and clamped to [0, width] and [0, height]; a corner at width or height
/// lies just outside the picture.
struct PlacedRegion {
    RegionShape shape = RegionShape::rectangle;
    int x1 = 0;
    int y1 = 0;
    int x2 = 0;
    int y2 = 0;
};

/// Throws invalid_region when nothing is left after clamping (x2 <= x1 or y2 <= y1).
[[nodiscard]] PlacedRegion place(const Region& region, Size picture);

/// Sets the region's pixels to 255 and leaves the others. The region must be one that place()
/// returned for a picture of the mask's size: invalid_argument otherwise. Ellipses are drawn
/// without anti-aliasing by the integer error-minimising walk that Pillow uses since version 8.1.
void draw(const PlacedRegion& region, Mask& mask);

/// A mask with all regions drawn into it (their union).
[[nodiscard]] Mask mask_from_regions(std::span<const Region> regions, Size picture);

}  // namespace editprep::imaging
