#include "orientation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

namespace editprep::imaging {
namespace {

/// Side of the squares in which rows become columns: the 32 rows that are written at a time stay in
/// the first-level cache.
constexpr int kBlock = 32;

template <std::size_t kChannels>
using Pixel = std::array<std::uint8_t, kChannels>;

template <std::size_t kChannels>
Pixel<kChannels>* pixels(std::uint8_t* row) {
    static_assert(sizeof(Pixel<kChannels>) == kChannels && alignof(Pixel<kChannels>) == 1);
    return reinterpret_cast<Pixel<kChannels>*>(row);
}

template <std::size_t kChannels>
void mirror_rows(Image& image) {
    for (int y = 0; y < image.height(); ++y) {
        auto* row = pixels<kChannels>(image.row(y));
        std::reverse(row, row + image.width());
    }
}

template <std::size_t kChannels>
void turn_half(Image& image) {
    auto* first = pixels<kChannels>(image.row(0));
    std::reverse(first, first + image.size().area());
}

void flip_rows(Image& image) {
    for (int top = 0, bottom = image.height() - 1; top < bottom; ++top, --bottom) {
        std::swap_ranges(image.row(top), image.row(top) + image.stride(), image.row(bottom));
    }
}

/// Copies a pixel and may spoil the byte after it, which spares three channels a second store.
template <std::size_t kChannels>
void copy_loosely(const std::uint8_t* in, std::uint8_t* out) {
    if constexpr (kChannels == 3) {
        const std::array<std::uint8_t, 4> pixel{in[0], in[1], in[2], 0};
        std::memcpy(out, pixel.data(), pixel.size());
    } else {
        std::memcpy(out, in, kChannels);
    }
}

/// Lays `count` pixels that lie `step` bytes apart side by side.
template <std::size_t kChannels>
void gather(const std::uint8_t* in, std::ptrdiff_t step, int count, std::uint8_t* out) {
    for (int i = 0; i + 1 < count; ++i, in += step, out += kChannels) {
        copy_loosely<kChannels>(in, out);
    }
    std::memcpy(out, in, kChannels);
}

/// Makes column x of the stored picture row x of the upright one (row width-1-x if `from_bottom`),
/// read downwards (upwards if `from_right`).
template <std::size_t kChannels>
void transpose_block(const Image& stored, Image& upright, const Rect& block, bool from_right,
                     bool from_bottom) {
    const int first = from_right ? block.bottom - 1 : block.top;
    const int column = from_right ? stored.height() - block.bottom : block.top;
    const auto stride = static_cast<std::ptrdiff_t>(stored.stride());
    for (int x = block.left; x < block.right; ++x) {
        gather<kChannels>(stored.row(first) + static_cast<std::size_t>(x) * kChannels,
                          from_right ? -stride : stride, block.height(),
                          upright.row(from_bottom ? stored.width() - 1 - x : x) +
                              static_cast<std::size_t>(column) * kChannels);
    }
}

template <std::size_t kChannels>
Image transpose(const Image& stored, bool from_right, bool from_bottom) {
    Image upright({stored.height(), stored.width()}, stored.channels());
    for (int top = 0; top < stored.height(); top += kBlock) {
        for (int left = 0; left < stored.width(); left += kBlock) {
            const Rect block =
                intersect({left, top, left + kBlock, top + kBlock}, bounds_of(stored.size()));
            transpose_block<kChannels>(stored, upright, block, from_right, from_bottom);
        }
    }
    return upright;
}

template <std::size_t kChannels>
Image turn(Image image, int orientation) {
    switch (orientation) {
        case 2:
            mirror_rows<kChannels>(image);
            return image;
        case 3:
            turn_half<kChannels>(image);
            return image;
        case 4:
            flip_rows(image);
            return image;
        case 5:
            return transpose<kChannels>(image, false, false);
        case 6:
            return transpose<kChannels>(image, true, false);
        case 7:
            return transpose<kChannels>(image, true, true);
        case 8:
            return transpose<kChannels>(image, false, true);
        default:
            return image;
    }
}

}  // namespace

Size upright_size(Size stored, int orientation) noexcept {
    return orientation >= 5 && orientation <= 8 ? Size{stored.height, stored.width} : stored;
}

Image turn_upright(Image image, int orientation) {
    switch (image.channels()) {
        case Channels::grey:
            return turn<1>(std::move(image), orientation);
        case Channels::rgb:
            return turn<3>(std::move(image), orientation);
        case Channels::rgba:
            break;
    }
    return turn<4>(std::move(image), orientation);
}

}  // namespace editprep::imaging
