#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "editprep/transport/base64.hpp"

/// The alphabets of RFC 4648 as tables.
namespace editprep::transport {

inline constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a character stands for: 0 to 63, or one of these. All of these have bit 7 set.
inline constexpr std::uint8_t kOther = 0x80;
inline constexpr std::uint8_t kPadding = 0x81;
inline constexpr std::uint8_t kSpace = 0x82;

using Meanings = std::array<std::uint8_t, 256>;

constexpr Meanings meanings_for(Base64Reading reading) {
    Meanings meanings{};
    meanings.fill(kOther);
    for (std::size_t value = 0; value < kAlphabet.size(); ++value) {
        meanings[static_cast<std::uint8_t>(kAlphabet[value])] = static_cast<std::uint8_t>(value);
    }
    meanings['='] = kPadding;
    if (reading == Base64Reading::tolerant) {
        meanings['-'] = 62;
        meanings['_'] = 63;
        for (const char space : {' ', '\t', '\n', '\v', '\f', '\r'}) {
            meanings[static_cast<std::uint8_t>(space)] = kSpace;
        }
    }
    return meanings;
}

inline constexpr Meanings kStrictMeanings = meanings_for(Base64Reading::strict);
inline constexpr Meanings kTolerantMeanings = meanings_for(Base64Reading::tolerant);

[[nodiscard]] constexpr const Meanings& meanings_of(Base64Reading reading) noexcept {
    return reading == Base64Reading::strict ? kStrictMeanings : kTolerantMeanings;
}

}  // namespace editprep::transport
