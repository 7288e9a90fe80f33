#include "convert_row.hpp"

#include <cstring>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

EDITPREP_SIMD_CLONES
void grey_to_rgb(const std::uint8_t* __restrict from, std::uint8_t* __restrict to,
                 std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        to[3 * i] = to[3 * i + 1] = to[3 * i + 2] = from[i];
    }
}

EDITPREP_SIMD_CLONES
void grey_to_rgba(const std::uint8_t* __restrict from, std::uint8_t* __restrict to,
                  std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        to[4 * i] = to[4 * i + 1] = to[4 * i + 2] = from[i];
        to[4 * i + 3] = 255;
    }
}

EDITPREP_SIMD_CLONES
void rgb_to_rgba(const std::uint8_t* __restrict from, std::uint8_t* __restrict to,
                 std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        to[4 * i] = from[3 * i];
        to[4 * i + 1] = from[3 * i + 1];
        to[4 * i + 2] = from[3 * i + 2];
        to[4 * i + 3] = 255;
    }
}

EDITPREP_SIMD_CLONES
void rgba_to_rgb(const std::uint8_t* __restrict from, std::uint8_t* __restrict to,
                 std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        to[3 * i] = from[4 * i];
        to[3 * i + 1] = from[4 * i + 1];
        to[3 * i + 2] = from[4 * i + 2];
    }
}

}  // namespace

void convert_row(const std::uint8_t* from, Channels from_channels, std::uint8_t* to,
                 Channels to_channels, std::size_t pixels) {
    if (from_channels == to_channels) {
        std::memcpy(to, from, pixels * static_cast<std::size_t>(from_channels));
    } else if (to_channels == Channels::rgba) {
        (from_channels == Channels::grey ? grey_to_rgba : rgb_to_rgba)(from, to, pixels);
    } else {
        (from_channels == Channels::grey ? grey_to_rgb : rgba_to_rgb)(from, to, pixels);
    }
}

}  // namespace editprep::imaging
