#include "editprep/imaging/resize.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "premultiply.hpp"
#include "resize_axis.hpp"
#include "resize_rows.hpp"
#include "resize_window.hpp"

namespace editprep::imaging {
namespace {

/// Packed rows of `channels` interleaved bytes a pixel.
struct Source {
    const std::uint8_t* data;
    Size size;
    std::size_t channels;
};

std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// In bands of columns, because a row of the output may need all rows of the input.
void resize_raster(const Source& source, std::span<const Taps> across, std::span<const Taps> down,
                   std::uint8_t* target) {
    constexpr std::size_t kBandBytes = std::size_t{64} << 20;
    constexpr std::size_t kFewestColumns = 64;
    const std::size_t in_stride = index(source.size.width) * source.channels;
    const std::size_t out_stride = across.size() * source.channels;
    const std::size_t columns =
        std::max(kFewestColumns, kBandBytes / (ResizeRows::rows_held(down) * source.channels));
    for (std::size_t x = 0; x < across.size(); x += columns) {
        ResizeRows rows([&](int first, int) { return source.data + index(first) * in_stride; },
                        source.channels, source.size.width,
                        across.subspan(x, std::min(columns, across.size() - x)), down);
        for (std::size_t y = 0; y < down.size(); ++y) {
            rows.next(target + y * out_stride + x * source.channels);
        }
    }
}

void check_target(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "cannot resize to " + to_string(size));
    }
    check_size(size, Limits{}, "the resized picture");
}

Image resize_channels(const Image& image, const VirtualSize& full, const Window& window,
                      ResizeKernel kernel) {
    Image result(window.size, image.channels());
    resize_raster({image.row(0), image.size(), index(image.channel_count())},
                  resize_axis(image.width(), full.width, window.left, window.size.width, kernel),
                  resize_axis(image.height(), full.height, window.top, window.size.height, kernel),
                  result.row(0));
    return result;
}

void check_inside(const Rect& rect, Size size) {
    if (rect.empty() || intersect(rect, bounds_of(size)) != rect) {
        throw Error(Errc::invalid_argument, "the crop does not lie inside the picture");
    }
}

}  // namespace

Image resize_window(const Image& image, const VirtualSize& full, const Window& window,
                    ResizeKernel kernel) {
    if (full.width == image.width() && full.height == image.height()) {
        const auto left = static_cast<int>(window.left);
        const auto top = static_cast<int>(window.top);
        return crop(image, {left, top, left + window.size.width, top + window.size.height});
    }
    if (!has_transparency(image)) {
        return resize_channels(image, full, window, kernel);
    }
    Image work = image;
    premultiply(work);
    Image result = resize_channels(work, full, window, kernel);
    unpremultiply(result);
    return result;
}

Image resize(const Image& image, Size size, ResizeKernel kernel) {
    check_target(size);
    return size == image.size()
               ? image
               : resize_window(image, {size.width, size.height}, {0, 0, size}, kernel);
}

Mask resize(const Mask& mask, Size size, ResizeKernel kernel) {
    check_target(size);
    if (size == mask.size()) {
        return mask;
    }
    Mask result(size);
    resize_raster({mask.row(0), mask.size(), 1},
                  resize_axis(mask.width(), size.width, 0, size.width, kernel),
                  resize_axis(mask.height(), size.height, 0, size.height, kernel), result.row(0));
    return result;
}

Size fit_inside(Size size, Size box) noexcept {
    const double scale = std::min({1.0, static_cast<double>(box.width) / size.width,
                                   static_cast<double>(box.height) / size.height});
    const auto scaled = [scale](int side, int most) {
        return std::clamp(static_cast<int>(std::lround(side * scale)), 1, std::max(1, most));
    };
    return {scaled(size.width, box.width), scaled(size.height, box.height)};
}

Image crop(const Image& image, const Rect& rect) {
    check_inside(rect, image.size());
    Image result(rect.size(), image.channels());
    const std::size_t skip = index(rect.left) * static_cast<std::size_t>(image.channel_count());
    for (int y = 0; y < rect.height(); ++y) {
        std::memcpy(result.row(y), image.row(rect.top + y) + skip, result.stride());
    }
    return result;
}

Mask crop(const Mask& mask, const Rect& rect) {
    check_inside(rect, mask.size());
    Mask result(rect.size());
    for (int y = 0; y < rect.height(); ++y) {
        std::memcpy(result.row(y), mask.row(rect.top + y) + rect.left,
                    static_cast<std::size_t>(rect.width()));
    }
    return result;
}

}  // namespace editprep::imaging
