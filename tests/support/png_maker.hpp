#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "editprep/imaging/geometry.hpp"

/// PNG files made from their parts, also such as no encoder would make.
namespace editprep::testing {

struct PngRecipe {
    imaging::Size size{1, 1};
    int bits = 8;
    /// The code of IHDR: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
    int color = 6;
    bool interlaced = false;
    /// The data of PLTE and tRNS; empty for no such chunk.
    std::vector<std::byte> palette{};
    std::vector<std::byte> transparency{};
    /// Filter bytes and filtered samples, all passes in a row.
    std::vector<std::byte> samples{};
    /// Of libdeflate, 0 to 12.
    int level = 6;
    /// Of an IDAT chunk.
    std::size_t chunk_bytes = std::size_t{1} << 30;
};

/// How many bytes of samples the picture needs, filter bytes included.
[[nodiscard]] std::size_t png_sample_bytes(const PngRecipe& recipe);
/// Seeded samples in the right number: any byte, filters 0 to 4.
[[nodiscard]] std::vector<std::byte> random_png_samples(const PngRecipe& recipe,
                                                        std::uint32_t seed);

[[nodiscard]] std::vector<std::byte> zlib_stream(const std::vector<std::byte>& data, int level);
void append_png_chunk(std::vector<std::byte>& file, std::string_view type,
                      const std::vector<std::byte>& data);
[[nodiscard]] std::vector<std::byte> make_png(const PngRecipe& recipe);

}  // namespace editprep::testing
