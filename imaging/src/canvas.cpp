#include "editprep/imaging/canvas.hpp"

#include <cstdint>
#include <cstring>
#include <string>

#include "canvas_rows.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "source_rows.hpp"

namespace editprep::imaging {

Size canvas_size(Size picture, const Margins& margins) {
    constexpr const char* kExpandLess = "expand by fewer pixels";
    const std::int64_t width = std::int64_t{picture.width} + margins.left + margins.right;
    const std::int64_t height = std::int64_t{picture.height} + margins.top + margins.bottom;
    if (width <= 0 || height <= 0) {
        throw Error(Errc::invalid_margins, "expanded size must be positive", "margins",
                    "the picture is " + to_string(picture));
    }
    if (width > kMaxSide || height > kMaxSide) {
        throw Error(Errc::limit_exceeded,
                    "the expanded canvas would be " + std::to_string(width) + "x" +
                        std::to_string(height) + " pixels, the limit is " +
                        std::to_string(kMaxSide) + " a side",
                    "margins", kExpandLess);
    }
    const Size size{static_cast<int>(width), static_cast<int>(height)};
    check_size(size, Limits{}, "the expanded canvas", kExpandLess);
    return size;
}

Canvas expand_canvas(const Image& image, const CanvasOptions& options) {
    const CanvasLayout layout = lay_out_canvas(image.size(), options.margins);
    SourceRows picture(image);
    const auto rows = paint_canvas(picture, layout, options);
    Canvas canvas{Image(layout.size, Channels::rgba), new_area(layout.size, layout.picture),
                  layout.picture};
    for (int y = 0; y < layout.size.height; ++y) {
        const std::uint8_t* row = rows->next();
        std::memcpy(canvas.image.row(y), row != nullptr ? row : canvas.image.row(y - 1),
                    canvas.image.stride());
    }
    return canvas;
}

Mask new_area(Size canvas, const Rect& picture) {
    Mask mask(canvas, 255);
    for (int y = picture.top; y < picture.bottom; ++y) {
        std::memset(mask.row(y) + picture.left, 0, static_cast<std::size_t>(picture.width()));
    }
    return mask;
}

}  // namespace editprep::imaging
