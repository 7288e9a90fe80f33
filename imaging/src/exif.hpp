#pragma once

#include <cstddef>
#include <span>

namespace editprep::imaging {

/// The orientation (1 to 8) that an EXIF block states; 1 when it states none or is damaged.
/// The block starts with its TIFF header; an "Exif\0\0" marker before that is skipped.
/// Source: JEITA CP-3451 (Exif 2.3), 4.5 and 4.6.4; TIFF 6.0, section 2.
[[nodiscard]] int exif_orientation(std::span<const std::byte> block) noexcept;

}  // namespace editprep::imaging
