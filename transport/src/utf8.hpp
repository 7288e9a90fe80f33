#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace editprep::transport {

struct Utf8Character {
    char32_t value = 0;
    std::size_t length = 1;
};

/// False for the bytes that continue a character.
[[nodiscard]] constexpr bool begins_character(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// The first character of valid UTF-8 that is not empty.
[[nodiscard]] Utf8Character utf8_character(std::string_view text) noexcept;

/// The position of the first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// @param value a code point, no surrogate
void append_utf8(std::string& text, char32_t value);

}  // namespace editprep::transport
