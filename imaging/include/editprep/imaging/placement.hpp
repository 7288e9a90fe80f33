#pragma once

#include <string>
#include <string_view>

#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Cropping a picture to its object, and centring the object on a canvas of a fixed size: first a
/// plan in whole pixels, which costs nothing and can be shown or refused, then the picture.
namespace editprep::imaging {

/// Room around an object, on every side alike.
struct Padding {
    enum class Unit {
        pixels,
        /// Of the object's longer side for plan_trim, of the canvas's shorter side for plan_canvas.
        percent,
    };
    /// Not negative; half a pixel or more counts as one.
    double amount = 0;
    Unit unit = Unit::pixels;
    friend constexpr bool operator==(const Padding&, const Padding&) = default;
};

/// `40`, `40px` or `2.5%`; throws invalid_argument.
[[nodiscard]] Padding parse_padding(std::string_view text);
/// The text that parse_padding understands: `40px`, `2.5%`.
[[nodiscard]] std::string to_string(const Padding& padding);

/// The smallest rectangle that holds what a person sees of the object: every pixel of which the
/// matte or the shadow has at least 13 (5 %). Empty when there is none. An empty shadow is none;
/// else it must have the matte's size.
[[nodiscard]] Rect object_bounds(const Mask& matte, const Mask& shadow = {});

/// Which part of a picture goes where on a canvas.
struct Placement {
    /// Inside the picture, not empty: all of it that falls on the canvas.
    Rect source;
    /// Inside the canvas: where that part lies. The rest of the canvas is background alone.
    Rect target;
    /// Size of the result.
    Size canvas;
    /// Canvas pixels per picture pixel. Above 1 the picture is enlarged and looks soft: callers
    /// should say so.
    double scale = 1;
};

/// The object with padding around it, unscaled. Padding that reaches beyond the picture is
/// background: nothing is cut off.
/// @param object within a picture of that size (see object_bounds); an empty one is
///        invalid_argument: there is nothing to place
/// Throws limit_exceeded when the result is larger than Limits allow.
[[nodiscard]] Placement plan_trim(const Rect& object, Size picture, const Padding& padding = {});

/// The object in the middle of the canvas, as large as the canvas minus padding allows, aspect
/// kept; what surrounds it in the picture is shown as far as the canvas reaches. A canvas that the
/// padding leaves no room on is invalid_argument; the rest as for plan_trim.
[[nodiscard]] Placement plan_canvas(const Rect& object, Size picture, Size canvas,
                                    const Padding& padding = {});

/// The planned part of a picture over one colour, which may have alpha. Resampled once (Lanczos on
/// premultiplied colours); at scale 1 opaque pixels are bit-identical. RGBA when the result has
/// transparency, else RGB.
[[nodiscard]] Image place(const Image& picture, const Placement& placement, Color background);

/// The same over a backdrop of the picture's size, which is scaled and moved along with it;
/// beyond the picture its edge pixels are repeated.
[[nodiscard]] Image place(const Image& picture, const Placement& placement, const Image& backdrop);

/// replace_background (cutout.hpp) and place in one: the object without a fringe, and its shadow if
/// there is one, over the new background, which fills the whole canvas. A shadow that reaches
/// beyond what is shown fades out before it, over at most 8 % of the shorter side of what is shown
/// and never under the object.
[[nodiscard]] Image place_object(const Image& picture, const Mask& matte,
                                 const BackgroundOptions& options, const Placement& placement);

}  // namespace editprep::imaging
