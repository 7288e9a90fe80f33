#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// What deflate's blocks are made of (RFC 1951, section 3.2.5).
namespace editprep::imaging {

inline constexpr std::size_t kDeflateWindow = 32'768;
inline constexpr std::size_t kShortestMatch = 3;
inline constexpr std::size_t kLongestMatch = 258;

/// A byte as it is, or `length` bytes that stand `distance` bytes before already.
struct DeflateToken {
    /// 3 to 258; 0 for a literal.
    std::uint16_t length;
    /// 1 to 32,768; a literal's value.
    std::uint16_t distance;
};

/// How many bits every token takes, in the code that is expected.
struct TokenCosts {
    std::array<std::uint8_t, 256> literals;
    /// By length, with the bits that follow the symbol.
    std::array<std::uint8_t, kLongestMatch + 1> lengths;
    /// By distance less 1, likewise.
    std::array<std::uint8_t, kDeflateWindow> distances;
};

inline constexpr std::size_t kLengthSymbols = 29;
inline constexpr std::size_t kDistanceSymbols = 30;
inline constexpr std::size_t kEndOfBlock = 256;
inline constexpr std::size_t kFirstLengthSymbol = 257;
/// Literals, the end of the block and lengths.
inline constexpr std::size_t kLiteralSymbols = kFirstLengthSymbol + kLengthSymbols;

/// The table of lengths: the least one of each symbol and how many bits follow it.
inline constexpr std::array<std::uint16_t, kLengthSymbols> kLengthBases = {
    3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
inline constexpr std::array<std::uint8_t, kLengthSymbols> kLengthExtraBits = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

/// The symbol of every length, counted from kFirstLengthSymbol.
inline constexpr auto kLengthSymbolOf = [] {
    std::array<std::uint8_t, kLongestMatch + 1> symbols{};
    for (std::size_t symbol = 0; symbol < kLengthSymbols; ++symbol) {
        for (std::size_t length = kLengthBases[symbol]; length <= kLongestMatch; ++length) {
            symbols[length] = static_cast<std::uint8_t>(symbol);
        }
    }
    return symbols;
}();

/// The table of distances: from 4 on two symbols share each power of two.
[[nodiscard]] constexpr std::uint32_t distance_extra_bits(std::size_t symbol) noexcept {
    return symbol < 4 ? 0U : static_cast<std::uint32_t>(symbol / 2 - 1);
}

[[nodiscard]] constexpr std::uint32_t distance_base(std::size_t symbol) noexcept {
    const auto number = static_cast<std::uint32_t>(symbol);
    return number < 4 ? number + 1 : ((2U + (number & 1U)) << distance_extra_bits(symbol)) + 1;
}

/// The symbols of the distances to 256, then of every 128th.
inline constexpr auto kDistanceSymbolOf = [] {
    std::array<std::uint8_t, 512> symbols{};
    for (std::size_t symbol = 0; symbol < kDistanceSymbols; ++symbol) {
        for (std::size_t from_zero = distance_base(symbol) - 1; from_zero < 256; ++from_zero) {
            symbols[from_zero] = static_cast<std::uint8_t>(symbol);
        }
        for (std::size_t part = (distance_base(symbol) + 126) / 128; part < 256; ++part) {
            symbols[256 + part] = static_cast<std::uint8_t>(symbol);
        }
    }
    return symbols;
}();

[[nodiscard]] constexpr std::size_t distance_symbol(std::size_t distance) noexcept {
    const std::size_t from_zero = distance - 1;
    return kDistanceSymbolOf[from_zero < 256 ? from_zero : 256 + from_zero / 128];
}

}  // namespace editprep::imaging
