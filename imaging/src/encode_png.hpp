#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

enum class PngFilter {
    /// Up on every row: right for masks, whose rows repeat.
    up,
    /// Per row the filter with the least sum of absolute differences: right for pictures.
    adaptive,
};

struct PngSettings {
    PngFilter filter = PngFilter::adaptive;
    /// libdeflate's, 1 to 12.
    int level = 2;
    /// Larger image data is split over several IDAT chunks. The default is the format's limit.
    std::size_t max_idat_bytes = 0x7FFF'FFFF;
};

/// A PNG file of 8-bit samples: packed rows of `size.width * channels` bytes. Peak memory beyond
/// the pixels is the filtered copy and the compressed bytes.
[[nodiscard]] std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, Size size,
                                                Channels channels, const PngSettings& settings);

/// How many bytes of a file's start is_own_png needs.
inline constexpr std::size_t kOwnPngHeadBytes = 62;
/// True when a file that starts with these bytes was made by encode_png: its second chunk says so.
[[nodiscard]] bool is_own_png(std::span<const std::byte> head);

}  // namespace editprep::imaging
