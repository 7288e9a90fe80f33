#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// What every search for repeated bytes does with them.
namespace editprep::imaging {

inline std::uint64_t load_word(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// How many bytes at `a` and `b` are the same, at most `limit`.
inline std::size_t common_bytes(const std::uint8_t* a, const std::uint8_t* b, std::size_t limit) {
    static_assert(std::endian::native == std::endian::little);
    std::size_t length = 0;
    for (; length + 8 <= limit; length += 8) {
        const std::uint64_t difference = load_word(a + length) ^ load_word(b + length);
        if (difference != 0) {
            return length + static_cast<std::size_t>(std::countr_zero(difference)) / 8;
        }
    }
    while (length < limit && a[length] == b[length]) {
        ++length;
    }
    return length;
}

/// A number of so many bits that `length` bytes, 3 to 16, are mixed to. Reads at least 8.
template <std::size_t length>
std::size_t hash_bytes(const std::uint8_t* bytes, int bits) {
    constexpr std::uint64_t kMultiplier = 0x9E37'79B9'7F4A'7C15;  // 2^64 by the golden ratio
    std::uint64_t key = load_word(bytes);
    if constexpr (length <= 8) {
        key <<= 64 - 8 * length;
    } else {
        key = key * kMultiplier + load_word(bytes + length - 8);
    }
    return static_cast<std::size_t>(key * kMultiplier >> (64 - bits));
}

}  // namespace editprep::imaging
