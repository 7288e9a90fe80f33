#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "editprep/imaging/geometry.hpp"
#include "encoded_source.hpp"

namespace editprep::imaging {

/// What a sample means; the codes of IHDR.
enum class PngColor : std::uint8_t { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgba = 6 };

inline constexpr std::size_t kMaxPngPalette = 256;

/// How the samples of a PNG lie, and what turns them into pixels.
struct PngLayout {
    Size size;
    /// Of a sample: 1, 2, 4, 8 or 16.
    unsigned bits = 8;
    PngColor color = PngColor::grey;
    bool interlaced = false;
    /// RGBA; entries that the file does not have are black.
    std::array<std::array<std::uint8_t, 4>, kMaxPngPalette> palette{};
    /// The grey level or the colour that is transparent, one number a channel.
    std::optional<std::array<unsigned, 3>> transparent;
    /// Where the first chunk of pixels starts, its head included.
    std::size_t pixels_offset = 0;

    [[nodiscard]] std::size_t samples_per_pixel() const noexcept;
    /// What the filters take for a pixel: its bytes, at least one.
    [[nodiscard]] std::size_t pixel_bytes() const noexcept {
        return bits < 8 ? 1 : samples_per_pixel() * (bits / 8);
    }
    /// Of a row of that many pixels, the byte that names its filter not counted.
    [[nodiscard]] std::size_t row_bytes(std::size_t width) const noexcept {
        return (width * samples_per_pixel() * bits + 7) / 8;
    }
};

/// Reads the chunks before the pixels. Of transparency the first chunk counts that says anything
/// (png_transparency.hpp); what else the pixels need must be whole. Throws damaged_image.
/// Source: ISO/IEC 15948:2004 (PNG), sections 5.6 and 11.
[[nodiscard]] PngLayout read_png_layout(const EncodedSource& source);

}  // namespace editprep::imaging
