#include "editprep/imaging/image.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "convert_row.hpp"
#include "editprep/imaging/error.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

PixelBuffer allocate(Size size, Channels channels) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument,
                    "an image needs a positive size, not " + to_string(size));
    }
    return PixelBuffer(static_cast<std::size_t>(size.area()) * static_cast<std::size_t>(channels));
}

EDITPREP_SIMD_CLONES
std::uint8_t smallest_alpha(const std::uint8_t* rgba, std::size_t pixels) {
    std::uint8_t smallest = 255;
    for (std::size_t i = 0; i < pixels; ++i) {
        smallest = std::min(smallest, rgba[4 * i + 3]);
    }
    return smallest;
}

Image converted(const Image& image, Channels channels) {
    if (image.channels() == channels) {
        return image;
    }
    Image result(image.size(), channels);
    convert_row(image.bytes().data(), image.channels(), result.bytes().data(), channels,
                static_cast<std::size_t>(image.size().area()));
    return result;
}

}  // namespace

Image::Image(Size size, Channels channels)
    : size_(size), channels_(channels), pixels_(allocate(size, channels)) {}

bool operator==(const Image& a, const Image& b) noexcept {
    return a.size_ == b.size_ && a.channels_ == b.channels_ &&
           std::ranges::equal(a.bytes(), b.bytes());
}

Image to_rgb(const Image& image) { return converted(image, Channels::rgb); }

Image to_rgba(const Image& image) { return converted(image, Channels::rgba); }

bool has_transparency(const Image& image) noexcept {
    if (!image.has_alpha()) {
        return false;
    }
    const auto width = static_cast<std::size_t>(image.width());
    for (int y = 0; y < image.height(); ++y) {
        if (smallest_alpha(image.row(y), width) < 255) {
            return true;
        }
    }
    return false;
}

Image solid_image(Size size, Channels channels, Color color) {
    Image image(size, channels);
    const std::array<std::uint8_t, 4> pixel{color.red, color.green, color.blue, color.alpha};
    const auto count = static_cast<std::size_t>(image.channel_count());
    std::uint8_t* first = image.row(0);
    for (std::size_t i = 0; i < image.stride(); ++i) {
        first[i] = pixel[i % count];
    }
    for (int y = 1; y < size.height; ++y) {
        std::memcpy(image.row(y), first, image.stride());
    }
    return image;
}

}  // namespace editprep::imaging
