#include "png/png_expand.hpp"

#include <cstring>

namespace editprep::imaging {
namespace {

/// One sample a pixel, `Bits` wide, high bits first; `Channels` bytes of its entry a pixel.
template <unsigned Bits, std::size_t Channels, typename Table>
void look_up(const std::uint8_t* samples, const Table& table, std::uint8_t* pixels,
             std::size_t count) {
    constexpr std::size_t kPerByte = 8 / Bits;
    constexpr unsigned kMask = (1U << Bits) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<unsigned>(i % kPerByte);
        const unsigned level = samples[i / kPerByte] >> (8 - Bits * (place + 1)) & kMask;
        std::memcpy(pixels + i * Channels, table[level].data(), Channels);
    }
}

template <unsigned Bits, typename Table>
void look_up(const std::uint8_t* samples, const Table& table, std::uint8_t* pixels,
             std::size_t count, Channels channels) {
    switch (channels) {
        case Channels::grey:
            return look_up<Bits, 1>(samples, table, pixels, count);
        case Channels::rgb:
            return look_up<Bits, 3>(samples, table, pixels, count);
        case Channels::rgba:
            return look_up<Bits, 4>(samples, table, pixels, count);
    }
}

void repeat_grey(const std::uint8_t* samples, std::uint8_t* pixels, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t grey = samples[2 * i];
        pixels[4 * i] = grey;
        pixels[4 * i + 1] = grey;
        pixels[4 * i + 2] = grey;
        pixels[4 * i + 3] = samples[2 * i + 1];
    }
}

}  // namespace

PngExpander::PngExpander(const PngLayout& layout, Channels channels)
    : color_(layout.color),
      bits_(layout.bits),
      channels_(channels),
      identity_(layout.bits == 8 && layout.color != PngColor::palette &&
                layout.samples_per_pixel() == static_cast<std::size_t>(channels)),
      transparent_(layout.transparent) {
    if (color_ == PngColor::palette) {
        table_ = layout.palette;
        return;
    }
    const unsigned highest = (1U << bits_) - 1;
    for (unsigned level = 0; level <= highest; ++level) {
        const auto grey = static_cast<std::uint8_t>(level * 255 / highest);
        const bool clear = transparent_ && (*transparent_)[0] == level;
        table_[level] = {grey, grey, grey, static_cast<std::uint8_t>(clear ? 0 : 255)};
    }
}

void PngExpander::expand(const std::uint8_t* samples, std::uint8_t* pixels,
                         std::size_t count) const {
    if (identity_) {
        std::memcpy(pixels, samples, count * static_cast<std::size_t>(channels_));
    } else if (color_ == PngColor::grey_alpha) {
        repeat_grey(samples, pixels, count);
    } else if (color_ == PngColor::rgb) {
        add_alpha(samples, pixels, count);
    } else {
        expand_levels(samples, pixels, count);
    }
}

void PngExpander::expand_levels(const std::uint8_t* samples, std::uint8_t* pixels,
                                std::size_t count) const {
    switch (bits_) {
        case 1:
            return look_up<1>(samples, table_, pixels, count, channels_);
        case 2:
            return look_up<2>(samples, table_, pixels, count, channels_);
        case 4:
            return look_up<4>(samples, table_, pixels, count, channels_);
        default:
            return look_up<8>(samples, table_, pixels, count, channels_);
    }
}

void PngExpander::add_alpha(const std::uint8_t* samples, std::uint8_t* pixels,
                            std::size_t count) const {
    const std::uint8_t* __restrict from = samples;
    std::uint8_t* __restrict to = pixels;
    // No sample has the value that stands for "nothing is transparent".
    const std::array<unsigned, 3> clear = transparent_.value_or(std::array{256U, 256U, 256U});
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t red = from[3 * i];
        const std::uint8_t green = from[3 * i + 1];
        const std::uint8_t blue = from[3 * i + 2];
        to[4 * i] = red;
        to[4 * i + 1] = green;
        to[4 * i + 2] = blue;
        to[4 * i + 3] = red == clear[0] && green == clear[1] && blue == clear[2] ? 0 : 255;
    }
}

}  // namespace editprep::imaging
