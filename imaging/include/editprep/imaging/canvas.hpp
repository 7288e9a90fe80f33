#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask.hpp"

/// Enlarging (or cropping) the canvas around a picture, before a model paints the new area.
namespace editprep::imaging {

enum class CanvasFill {
    /// (0, 0, 0, 0).
    transparent,
    /// One colour.
    solid,
    /// The picture itself, scaled to cover the canvas, centred, and blurred. Around an opaque
    /// picture only the border is made: with 512 pixels a side around 12 megapixels that adds a
    /// fifth to the work of decoding the picture and encoding a canvas.
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

/// How large the canvas around a picture becomes. Throws invalid_margins when no pixel would be
/// left, limit_exceeded when the canvas is larger than Limits allow.
[[nodiscard]] Size canvas_size(Size picture, const Margins& margins);

/// Lays the picture onto a larger canvas. Negative margins crop. Errors as canvas_size.
[[nodiscard]] Canvas expand_canvas(const Image& image, const CanvasOptions& options);

/// Where a canvas that was written has its picture.
struct WrittenCanvas {
    Size size;
    /// As Canvas::picture.
    Rect picture;
};

/// Gets LoadedImage::notes.
using NoteListener = std::function<void(const std::vector<std::string>&)>;

/// expand_canvas from file to file, whole or not at all: an RGBA PNG. The canvas is never held, and
/// of a plain upright picture no more than a few rows (`transparent`, `solid`) or the picture as it
/// was decoded. Errors as read_image, expand_canvas and write_image.
/// @param tell hears how the picture is read before the canvas is begun
WrittenCanvas write_canvas(const std::filesystem::path& picture,
                           const std::filesystem::path& canvas, const CanvasOptions& options,
                           Overwrite overwrite, const NoteListener& tell = {},
                           const ReadOptions& reading = {});

/// Canvas::new_area of a canvas of that size.
[[nodiscard]] Mask new_area(Size canvas, const Rect& picture);

/// `#RRGGBB` or `#RRGGBBAA` (blanks around it are ignored); throws invalid_color.
[[nodiscard]] Color parse_color(std::string_view text);

}  // namespace editprep::imaging
