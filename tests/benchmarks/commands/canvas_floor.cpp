#include "canvas_floor.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "bare_codecs.hpp"
#include "simd.hpp"

namespace editprep::benchmarks {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kPixelBytes = 3;
constexpr std::uint8_t kPaethFilter = 4;
constexpr std::uint8_t kWhite = 255;

/// Rows of the picture, one after the other.
struct Picture {
    Bytes bytes;
    std::size_t stride = 0;
};

Picture decode(std::span<const std::byte> jpeg) {
    Picture picture;
    decode_jpeg_bands(jpeg, [&](const std::uint8_t* row, int width) {
        picture.stride = kPixelBytes * static_cast<std::size_t>(width);
        picture.bytes.insert(picture.bytes.end(), row, row + picture.stride);
    });
    return picture;
}

std::int16_t magnitude(int value) { return static_cast<std::int16_t>(std::abs(value)); }

/// `row` and `above` have a pixel of zeros before their first one, which is the left neighbour.
/// Distances of 16 bits, twice as many in a register as of 32.
EDITPREP_SIMD_CLONES
void filter_by_paeth(std::uint8_t* __restrict out, const std::uint8_t* row,
                     const std::uint8_t* above, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        const std::uint8_t left = row[i];
        const std::uint8_t up = above[i + kPixelBytes];
        const std::uint8_t corner = above[i];
        const std::int16_t to_left = magnitude(up - corner);
        const std::int16_t to_up = magnitude(left - corner);
        const std::int16_t to_corner = magnitude(left + up - 2 * corner);
        const std::uint8_t rest = to_up <= to_corner ? up : corner;
        const bool left_is_nearest = (to_left <= to_up) & (to_left <= to_corner);
        out[i] = static_cast<std::uint8_t>(row[i + kPixelBytes] - (left_is_nearest ? left : rest));
    }
}

/// The canvas as PNG wants it, each row behind the number of its filter.
Bytes filtered_canvas(const Picture& picture, std::size_t margin_px) {
    const std::size_t height = picture.bytes.size() / picture.stride;
    const std::size_t side = kPixelBytes * margin_px;
    const std::size_t stride = picture.stride + 2 * side;
    Bytes canvas((stride + 1) * (height + 2 * margin_px));
    Bytes row(kPixelBytes + stride);
    Bytes above(kPixelBytes + stride);
    std::uint8_t* out = canvas.data();
    for (std::size_t y = 0; y < height + 2 * margin_px; ++y) {
        std::fill(row.begin() + kPixelBytes, row.end(), kWhite);
        if (y >= margin_px && y < margin_px + height) {
            std::copy_n(picture.bytes.data() + (y - margin_px) * picture.stride, picture.stride,
                        row.data() + kPixelBytes + side);
        }
        *out++ = kPaethFilter;
        filter_by_paeth(out, row.data(), above.data(), stride);
        out += stride;
        std::swap(row, above);
    }
    return canvas;
}

}  // namespace

std::size_t compress_canvas(std::span<const std::byte> jpeg, std::size_t margin_px) {
    return deflate_rows(filtered_canvas(decode(jpeg), margin_px), 1).size();
}

}  // namespace editprep::benchmarks
