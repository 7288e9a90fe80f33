#include <array>
#include <cstdint>
#include <cstring>

#include "base64_alphabet.hpp"
#include "base64_kernels.hpp"

namespace editprep::transport {
namespace {

using CharacterPair = std::array<char, 2>;

/// Both characters for 12 bits at once: half as many look-ups as one character at a time.
constexpr auto kPairs = [] {
    std::array<CharacterPair, 4096> pairs{};
    for (std::size_t bits = 0; bits < pairs.size(); ++bits) {
        pairs[bits] = {kAlphabet[bits >> 6], kAlphabet[bits & 63]};
    }
    return pairs;
}();

std::uint32_t bits_of(std::byte value) { return std::to_integer<std::uint32_t>(value); }

std::uint32_t meaning_of(const Meanings& meanings, char character) {
    return meanings[static_cast<std::uint8_t>(character)];
}

}  // namespace

std::size_t encode_groups_portable(std::span<const std::byte> content, char* text) noexcept {
    std::size_t done = 0;
    for (; done + 3 <= content.size(); done += 3, text += 4) {
        const std::uint32_t bits = bits_of(content[done]) << 16 | bits_of(content[done + 1]) << 8 |
                                   bits_of(content[done + 2]);
        std::memcpy(text, kPairs[bits >> 12].data(), 2);
        std::memcpy(text + 2, kPairs[bits & 0xFFF].data(), 2);
    }
    return done;
}

std::size_t decode_quartets_portable(std::string_view text, Base64Reading reading,
                                     std::byte* content) noexcept {
    const Meanings& meanings = meanings_of(reading);
    std::size_t done = 0;
    for (; done + 4 <= text.size(); done += 4) {
        const std::uint32_t a = meaning_of(meanings, text[done]);
        const std::uint32_t b = meaning_of(meanings, text[done + 1]);
        const std::uint32_t c = meaning_of(meanings, text[done + 2]);
        const std::uint32_t d = meaning_of(meanings, text[done + 3]);
        if (((a | b | c | d) & 0x80) != 0) {
            break;
        }
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        *content++ = static_cast<std::byte>(bits >> 16);
        *content++ = static_cast<std::byte>(bits >> 8 & 0xFF);
        *content++ = static_cast<std::byte>(bits & 0xFF);
    }
    return done;
}

}  // namespace editprep::transport
