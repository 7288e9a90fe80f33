#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "png/png_writer.hpp"

namespace editprep::imaging {

/// A PNG file of 8-bit samples: packed rows of `size.width * channels` bytes, through PngWriter.
[[nodiscard]] std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, Size size,
                                                Channels channels, const PngSettings& settings);

}  // namespace editprep::imaging
