#pragma once

#include <cstddef>
#include <span>

namespace editprep::imaging {

/// Whether an ICC profile describes sRGB, told by its numbers, not by its name: an RGB profile of
/// three colorants and three curves, all nearer to sRGB's than 8 bits can show. Profiles with
/// conversion tables, and damaged ones, are not sRGB.
/// Source: ICC.1:2010 (profile format 4.3), 7.2, 9.2, 10.5 and 10.15; IEC 61966-2-1 for the curve.
[[nodiscard]] bool is_srgb(std::span<const std::byte> profile) noexcept;

}  // namespace editprep::imaging
