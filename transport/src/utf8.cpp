#include "utf8.hpp"

namespace editprep::transport {
namespace {

std::size_t length_from(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xE0) {
        return 2;
    }
    return first < 0xF0 ? 3 : 4;
}

/// The smallest code point that needs so many bytes.
constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

Utf8Character utf8_character(std::string_view text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = length_from(first);
    char32_t value = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && i < text.size(); ++i) {
        value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {value, length < text.size() ? length : text.size()};
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = length_from(first);
        if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() - i < length) {
            return i;
        }
        for (std::size_t k = 1; k < length; ++k) {
            if (begins_character(text[i + k])) {
                return i;
            }
        }
        const char32_t value = utf8_character(text.substr(i)).value;
        const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
        if (value < kSmallest[length] || surrogate || value > 0x10FFFF) {
            return i;
        }
        i += length;
    }
    return std::nullopt;
}

void append_utf8(std::string& text, char32_t value) {
    const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
    const auto put_last_bits = [&](int shift) { put(0x80 | (value >> shift & 0x3F)); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xC0 | value >> 6);
        put_last_bits(0);
    } else if (value < 0x10000) {
        put(0xE0 | value >> 12);
        put_last_bits(6);
        put_last_bits(0);
    } else {
        put(0xF0 | value >> 18);
        put_last_bits(12);
        put_last_bits(6);
        put_last_bits(0);
    }
}

}  // namespace editprep::transport
