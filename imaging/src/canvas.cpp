#include "editprep/imaging/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "convert_row.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "gaussian.hpp"
#include "over_pixel.hpp"
#include "resize_window.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kRgba = 4;

Size canvas_size(Size picture, const Margins& margins) {
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
                    "margins", "expand less");
    }
    const Size size{static_cast<int>(width), static_cast<int>(height)};
    check_size(size, Limits{}, "the expanded canvas");
    return size;
}

/// Along one axis, the middle `length` of a long line with up to `reach` more on either side.
struct Span {
    std::int64_t from = 0;
    int length = 0;
    /// How much of it lies before the middle.
    int margin = 0;
};

Span middle_of(std::int64_t whole, int length, int reach) {
    const std::int64_t middle = (whole - length) / 2;
    const std::int64_t from = std::max<std::int64_t>(0, middle - reach);
    const std::int64_t end = std::min(whole, middle + length + reach);
    return {from, static_cast<int>(end - from), static_cast<int>(middle - from)};
}

/// The picture scaled to cover the canvas, blurred, and the middle of that. Only that middle is
/// made, and what the blur reaches around it: a banner on a square canvas is mostly cut away.
Image blurred_backdrop(const Image& picture, Size canvas, double sigma_px) {
    const double scale = std::max(static_cast<double>(canvas.width) / picture.width(),
                                  static_cast<double>(canvas.height) / picture.height());
    const auto covering = [scale](int side, int least) {
        return std::max(std::int64_t{least},
                        static_cast<std::int64_t>(std::nearbyint(side * scale)));
    };
    const VirtualSize cover{covering(picture.width(), canvas.width),
                            covering(picture.height(), canvas.height)};
    const int reach = feather_reach(sigma_px);
    const Span across = middle_of(cover.width, canvas.width, reach);
    const Span down = middle_of(cover.height, canvas.height, reach);
    const Size needed{across.length, down.length};
    check_size(needed, {.max_side = std::numeric_limits<int>::max()}, "the blurred backdrop");

    // Opaque alpha stays opaque through both filters, so three channels are enough.
    const bool has_colour_only = picture.has_alpha() && !has_transparency(picture);
    Image backdrop = resize_window(has_colour_only ? to_rgb(picture) : picture, cover,
                                   {across.from, down.from, needed}, ResizeKernel::lanczos);
    gaussian_blur(raster_of(backdrop), sigma_px);
    return to_rgba(crop(backdrop, {across.margin, down.margin, across.margin + canvas.width,
                                   down.margin + canvas.height}));
}

/// Reflects any coordinate into [0, length), edge pixels repeated: period 2 * length.
std::size_t reflect(std::int64_t coordinate, int length) {
    const std::int64_t period = std::int64_t{2} * length;
    std::int64_t place = coordinate % period;
    if (place < 0) {
        place += period;
    }
    return static_cast<std::size_t>(place < length ? place : period - 1 - place);
}

/// The picture and its reflections; nothing is left to overlay.
Image mirrored_canvas(const Image& picture, Size size, const Margins& margins) {
    Image canvas(size, Channels::rgba);
    std::vector<std::size_t> offsets(static_cast<std::size_t>(size.width));
    for (int x = 0; x < size.width; ++x) {
        offsets[static_cast<std::size_t>(x)] =
            kRgba * reflect(std::int64_t{x} - margins.left, picture.width());
    }
    PixelBuffer row(static_cast<std::size_t>(picture.width()) * kRgba);
    // Where each row of the picture was drawn first; its reflections are copies.
    std::vector<int> drawn_at(static_cast<std::size_t>(picture.height()), -1);
    for (int y = 0; y < size.height; ++y) {
        const std::size_t source_y = reflect(std::int64_t{y} - margins.top, picture.height());
        if (drawn_at[source_y] >= 0) {
            std::memcpy(canvas.row(y), canvas.row(drawn_at[source_y]), canvas.stride());
            continue;
        }
        drawn_at[source_y] = y;
        convert_row(picture.row(static_cast<int>(source_y)), picture.channels(), row.data(),
                    Channels::rgba, static_cast<std::size_t>(picture.width()));
        std::uint8_t* to = canvas.row(y);
        for (const std::size_t offset : offsets) {
            std::memcpy(to, row.data() + offset, kRgba);
            to += kRgba;
        }
    }
    return canvas;
}

/// Lays the part of the picture that falls on the canvas over it.
void overlay(const Image& picture, const Margins& margins, const Rect& place, Image& canvas) {
    const auto channels = static_cast<std::size_t>(picture.channel_count());
    const auto pixels = static_cast<std::size_t>(place.width());
    for (int y = place.top; y < place.bottom; ++y) {
        const std::uint8_t* from = picture.row(y - margins.top) +
                                   static_cast<std::size_t>(place.left - margins.left) * channels;
        std::uint8_t* to = canvas.row(y) + static_cast<std::size_t>(place.left) * kRgba;
        if (picture.has_alpha()) {
            over_row(from, to, pixels);
        } else {
            convert_row(from, picture.channels(), to, Channels::rgba, pixels);
        }
    }
}

/// Where the picture lies; empty when it falls outside the canvas.
Rect place_on_canvas(Size picture, Size canvas, const Margins& margins) {
    const auto clipped = [](std::int64_t place, int length) {
        return static_cast<int>(std::clamp<std::int64_t>(place, 0, length));
    };
    const Rect place{clipped(margins.left, canvas.width), clipped(margins.top, canvas.height),
                     clipped(std::int64_t{margins.left} + picture.width, canvas.width),
                     clipped(std::int64_t{margins.top} + picture.height, canvas.height)};
    return place.empty() ? Rect{} : place;
}

Mask area_outside(Size size, const Rect& rect) {
    Mask mask(size, 255);
    for (int y = rect.top; y < rect.bottom; ++y) {
        std::memset(mask.row(y) + rect.left, 0, static_cast<std::size_t>(rect.width()));
    }
    return mask;
}

Image painted_canvas(const Image& picture, Size size, const CanvasOptions& options) {
    switch (options.fill) {
        case CanvasFill::solid:
            return solid_image(size, Channels::rgba, options.color);
        case CanvasFill::blur:
            return blurred_backdrop(picture, size, options.blur_sigma_px);
        case CanvasFill::mirror:
            return mirrored_canvas(picture, size, options.margins);
        case CanvasFill::transparent:
            break;
    }
    return solid_image(size, Channels::rgba, {0, 0, 0, 0});
}

}  // namespace

Canvas expand_canvas(const Image& image, const CanvasOptions& options) {
    const Size size = canvas_size(image.size(), options.margins);
    const Rect place = place_on_canvas(image.size(), size, options.margins);
    Canvas canvas;
    canvas.image = painted_canvas(image, size, options);
    canvas.new_area = area_outside(size, place);
    canvas.picture = place;
    if (options.fill != CanvasFill::mirror && !place.empty()) {
        overlay(image, options.margins, place, canvas.image);
    }
    return canvas;
}

}  // namespace editprep::imaging
