#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// v / 255, rounded to nearest, for v up to 255 * 255 (J. Blinn, "Three wrongs make a right",
/// 1995).
[[nodiscard]] constexpr std::uint32_t divide_255(std::uint32_t v) noexcept {
    return (v + 128 + ((v + 128) >> 8)) >> 8;
}

[[nodiscard]] constexpr std::uint32_t multiply_255(std::uint32_t a, std::uint32_t b) noexcept {
    return divide_255(a * b);
}

/// Straight to premultiplied alpha and back, in place, rounding like Pillow's RGBa mode: RGBA
/// pixels.
inline void premultiply(std::span<std::uint8_t> rgba) noexcept {
    for (std::size_t i = 0; i < rgba.size(); i += 4) {
        for (std::size_t c = 0; c < 3; ++c) {
            rgba[i + c] = static_cast<std::uint8_t>(multiply_255(rgba[i + c], rgba[i + 3]));
        }
    }
}

inline void unpremultiply(std::span<std::uint8_t> rgba) noexcept {
    for (std::size_t i = 0; i < rgba.size(); i += 4) {
        const std::uint32_t alpha = rgba[i + 3];
        if (alpha == 0 || alpha == 255) {
            continue;
        }
        for (std::size_t c = 0; c < 3; ++c) {
            rgba[i + c] = static_cast<std::uint8_t>(std::min(255U, 255U * rgba[i + c] / alpha));
        }
    }
}

/// The same for an image; one without alpha stays as it is.
inline void premultiply(Image& image) noexcept {
    if (image.has_alpha()) {
        premultiply(image.bytes());
    }
}

inline void unpremultiply(Image& image) noexcept {
    if (image.has_alpha()) {
        unpremultiply(image.bytes());
    }
}

}  // namespace editprep::imaging
