#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace editprep::imaging {

/// Zeros are passed so many at a time.
inline constexpr std::size_t kZeroBlock = 32;

[[nodiscard]] inline bool are_zero(const std::uint8_t* bytes) noexcept {
    std::array<std::uint64_t, kZeroBlock / 8> words;
    std::memcpy(words.data(), bytes, sizeof(words));
    std::uint64_t any = 0;
    for (const std::uint64_t word : words) {
        any |= word;
    }
    return any == 0;
}

/// The first byte in [from, end) that is not zero; `end` when there is none.
[[nodiscard]] inline std::size_t find_nonzero(const std::uint8_t* bytes, std::size_t from,
                                              std::size_t end) noexcept {
    while (from + kZeroBlock <= end && are_zero(bytes + from)) {
        from += kZeroBlock;
    }
    while (from < end && bytes[from] == 0) {
        ++from;
    }
    return from;
}

/// One past the last byte in [from, end) that is not zero; `from` when there is none.
[[nodiscard]] inline std::size_t find_nonzero_end(const std::uint8_t* bytes, std::size_t from,
                                                  std::size_t end) noexcept {
    while (from + kZeroBlock <= end && are_zero(bytes + end - kZeroBlock)) {
        end -= kZeroBlock;
    }
    while (from < end && bytes[end - 1] == 0) {
        --end;
    }
    return end;
}

}  // namespace editprep::imaging
