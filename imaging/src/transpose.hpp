#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace editprep::imaging {

inline constexpr std::size_t kBlock = 8;

/// Transposes an 8x8 block of bytes held as eight little-endian words, by swapping ever smaller
/// off-diagonal quarters (H. Warren, "Hacker's Delight", 2nd ed., section 7-3).
inline void transpose_block(const std::uint8_t* from, std::size_t from_stride, std::uint8_t* to,
                            std::size_t to_stride) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::array<std::uint64_t, kBlock> rows;
    for (std::size_t i = 0; i < kBlock; ++i) {
        std::memcpy(&rows[i], from + i * from_stride, kBlock);
    }
    const auto swap_quarters = [&rows](std::size_t distance, std::uint64_t low_part) {
        const auto shift = static_cast<int>(8 * distance);
        for (std::size_t i = 0; i < kBlock; ++i) {
            if ((i & distance) == 0) {
                const std::uint64_t moved = ((rows[i] >> shift) ^ rows[i + distance]) & low_part;
                rows[i + distance] ^= moved;
                rows[i] ^= moved << shift;
            }
        }
    };
    swap_quarters(4, 0x00000000FFFFFFFFU);
    swap_quarters(2, 0x0000FFFF0000FFFFU);
    swap_quarters(1, 0x00FF00FF00FF00FFU);
    for (std::size_t i = 0; i < kBlock; ++i) {
        std::memcpy(to + i * to_stride, &rows[i], kBlock);
    }
}

/// to[x * to_stride + y] = from[y * from_stride + x] for a raster of bytes.
inline void transpose(const std::uint8_t* from, std::size_t from_stride, std::size_t width,
                      std::size_t height, std::uint8_t* to, std::size_t to_stride) noexcept {
    const std::size_t block_width = width - width % kBlock;
    const std::size_t block_height = height - height % kBlock;
    const auto copy = [&](std::size_t x, std::size_t y) {
        to[x * to_stride + y] = from[y * from_stride + x];
    };
    for (std::size_t x = 0; x < block_width; x += kBlock) {
        for (std::size_t y = 0; y < block_height; y += kBlock) {
            transpose_block(from + y * from_stride + x, from_stride, to + x * to_stride + y,
                            to_stride);
        }
    }
    for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t y = x < block_width ? block_height : 0; y < height; ++y) {
            copy(x, y);
        }
    }
}

}  // namespace editprep::imaging
