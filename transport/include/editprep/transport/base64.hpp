#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Base64 as in RFC 4648, section 4.
namespace editprep::transport {

/// Length of the text for so many bytes, padding included.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t size_bytes) noexcept {
    return (size_bytes / 3 + (size_bytes % 3 != 0 ? 1 : 0)) * 4;
}

/// The standard alphabet with padding, in one line.
[[nodiscard]] std::string encode_base64(std::span<const std::byte> content);

/// The same into memory of the caller's, base64_size(content.size()) characters of it. A long
/// content can be encoded in pieces, each but the last of a multiple of 3 bytes.
void encode_base64(std::span<const std::byte> content, char* text) noexcept;

enum class Base64Reading {
    /// Exactly what encode_base64 writes: standard alphabet, padded, no other character, unused
    /// bits zero. Every content has one such text.
    strict,
    /// Also white space anywhere, padding left out, the URL-safe alphabet (section 5) alone or
    /// mixed in, and unused bits of any value.
    tolerant,
};

/// Throws invalid_base64, naming the position of the first character that does not fit.
[[nodiscard]] std::vector<std::byte> decode_base64(std::string_view text,
                                                   Base64Reading reading = Base64Reading::strict);

}  // namespace editprep::transport
