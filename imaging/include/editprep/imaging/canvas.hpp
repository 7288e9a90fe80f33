#pragma once

#include <string_view>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Enlarging (or cropping) the canvas around a picture, before a model paints the new area.
namespace editprep::imaging {

enum class CanvasFill {
    /// (0, 0, 0, 0).
    transparent,
    /// One colour.
    solid,
    /// The picture itself, scaled to cover the canvas, centred, and blurred.
    blur,
    /// The picture reflected across its edges, edge pixels repeated ("symmetric": ..cba|abc|cba..),
    /// again and again when a margin is larger than the picture.
    mirror,
};

struct CanvasOptions {
    Margins margins;
    CanvasFill fill = CanvasFill::transparent;
    /// For `solid`.
    Color color{0, 0, 0, 0};
    /// For `blur`: Gaussian sigma in pixels; zero or less leaves the backdrop sharp.
    double blur_sigma_px = 24.0;
};

struct Canvas {
    /// RGBA, size = picture + margins.
    Image image;
    /// Same size: 255 where the canvas is new, 0 where the picture lies.
    Mask new_area;
    /// Where the picture lies on the canvas, cut to the canvas.
    Rect picture;
};

/// Lays the picture onto a larger canvas. Negative margins crop. Throws invalid_margins when no
/// pixel would be left, limit_exceeded when the canvas is larger than Limits allow.
[[nodiscard]] Canvas expand_canvas(const Image& image, const CanvasOptions& options);

/// `#RRGGBB` or `#RRGGBBAA` (blanks around it are ignored); throws invalid_color.
[[nodiscard]] Color parse_color(std::string_view text);

}  // namespace editprep::imaging
