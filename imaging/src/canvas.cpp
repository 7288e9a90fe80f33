#include "editprep/imaging/canvas.hpp"

#include <cstring>

#include "canvas_rows.hpp"
#include "source_rows.hpp"

namespace editprep::imaging {

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
