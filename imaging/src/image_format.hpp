#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {

/// How much of a file's beginning the two functions below look at.
inline constexpr std::size_t kFormatBytes = 64;

/// The format, told from the first bytes; nothing when it is none that is read here.
[[nodiscard]] std::optional<ImageFormat> format_of(std::span<const std::byte> beginning) noexcept;

/// What content in no readable format looks like, to end "it ...": "is a PDF document".
[[nodiscard]] std::string_view describe_foreign(std::span<const std::byte> beginning) noexcept;

}  // namespace editprep::imaging
