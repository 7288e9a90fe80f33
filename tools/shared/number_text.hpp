#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers as people type them on a command line.
namespace editprep::tools {

/// Optional sign and decimal digits, blanks around them tolerated; nothing for any other text.
/// Numbers beyond 64 bits become the nearest one that fits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

/// Decimal or exponent form, blanks around it tolerated; nothing for any other text, for "nan" and
/// "inf" and for numbers that no double can hold.
[[nodiscard]] std::optional<double> parse_number(std::string_view text) noexcept;

}  // namespace editprep::tools
