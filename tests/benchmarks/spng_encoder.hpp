#pragma once

#include <spng.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/geometry.hpp"

namespace editprep::benchmarks {

/// A PNG as most programs write it: libspng's, with zlib.
/// @param pixels rows without padding, 8 bits a channel
/// @param level zlib's, 0 to 9
/// @param filters of spng_filter_choice
[[nodiscard]] std::vector<std::byte> spng_encode(std::span<const std::uint8_t> pixels,
                                                 imaging::Size size, spng_color_type color,
                                                 int level, int filters);

}  // namespace editprep::benchmarks
