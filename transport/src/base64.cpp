#include "editprep/transport/base64.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using CharacterPair = std::array<char, 2>;

/// Both characters for 12 bits at once: half as many look-ups as one character at a time.
constexpr auto kPairs = [] {
    std::array<CharacterPair, 4096> pairs{};
    for (std::size_t bits = 0; bits < pairs.size(); ++bits) {
        pairs[bits] = {kAlphabet[bits >> 6], kAlphabet[bits & 63]};
    }
    return pairs;
}();

/// What a character stands for: 0 to 63, or one of these. All of these have bit 7 set.
constexpr std::uint8_t kOther = 0x80;
constexpr std::uint8_t kPadding = 0x81;
constexpr std::uint8_t kSpace = 0x82;

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

constexpr Meanings kStrictMeanings = meanings_for(Base64Reading::strict);
constexpr Meanings kTolerantMeanings = meanings_for(Base64Reading::tolerant);

[[noreturn]] void refuse(std::string_view why, std::size_t position) {
    throw Error(Errc::invalid_base64,
                "Invalid base64: " + std::string(why) + " at position " + std::to_string(position),
                "base64");
}

std::uint32_t bits_of(std::byte value) { return std::to_integer<std::uint32_t>(value); }

/// Turns characters into bytes, four at a time where only plain characters follow each other.
class Decoder {
public:
    Decoder(std::string_view text, Base64Reading reading)
        : text_(text),
          reading_(reading),
          meanings_(reading == Base64Reading::strict ? kStrictMeanings : kTolerantMeanings) {
        content_.reserve(text.size() / 4 * 3 + 2);
    }

    std::vector<std::byte> decode() {
        while (position_ < text_.size()) {
            if (pending_count_ == 0 && padding_ == 0 && take_plain_quartet()) {
                continue;
            }
            take_character();
        }
        finish();
        return std::move(content_);
    }

private:
    [[nodiscard]] std::uint32_t meaning_at(std::size_t position) const {
        return meanings_[static_cast<std::uint8_t>(text_[position])];
    }

    void append(std::uint32_t byte) { content_.push_back(static_cast<std::byte>(byte & 0xFF)); }

    bool take_plain_quartet() {
        if (text_.size() - position_ < 4) {
            return false;
        }
        const std::uint32_t a = meaning_at(position_);
        const std::uint32_t b = meaning_at(position_ + 1);
        const std::uint32_t c = meaning_at(position_ + 2);
        const std::uint32_t d = meaning_at(position_ + 3);
        if (((a | b | c | d) & 0x80) != 0) {
            return false;
        }
        append(a << 2 | b >> 4);
        append(b << 4 | c >> 2);
        append(c << 6 | d);
        position_ += 4;
        return true;
    }

    void take_character() {
        const std::uint32_t meaning = meaning_at(position_);
        if (meaning == kOther) {
            refuse("unexpected character", position_);
        }
        if (meaning == kPadding) {
            ++padding_;
            if (pending_count_ + padding_ > 4 || pending_count_ < 2) {
                refuse("misplaced padding", position_);
            }
        } else if (meaning != kSpace) {
            if (padding_ != 0) {
                refuse("a character behind the padding", position_);
            }
            pending_ = pending_ << 6 | meaning;
            if (++pending_count_ == 4) {
                append(pending_ >> 16);
                append(pending_ >> 8);
                append(pending_);
                pending_ = 0;
                pending_count_ = 0;
            }
        }
        ++position_;
    }

    /// The last two or three characters, which carry one or two bytes and some unused bits.
    void finish() {
        if (pending_count_ == 0) {
            return;
        }
        const bool padded = pending_count_ + padding_ == 4;
        const bool padding_left_out = padding_ == 0 && reading_ == Base64Reading::tolerant;
        if (pending_count_ == 1 || !(padded || padding_left_out)) {
            refuse("the text ends too early", text_.size());
        }
        const int unused_bits = pending_count_ == 2 ? 4 : 2;
        const std::uint32_t unused = pending_ & ((1U << unused_bits) - 1);
        if (unused != 0 && reading_ == Base64Reading::strict) {
            refuse("unused bits are not zero", text_.size());
        }
        const std::uint32_t value = pending_ >> unused_bits;
        if (pending_count_ == 3) {
            append(value >> 8);
        }
        append(value);
    }

    std::string_view text_;
    Base64Reading reading_;
    const Meanings& meanings_;
    std::vector<std::byte> content_;
    std::size_t position_ = 0;
    std::uint32_t pending_ = 0;
    int pending_count_ = 0;
    int padding_ = 0;
};

}  // namespace

std::string encode_base64(std::span<const std::byte> content) {
    std::string text(base64_size(content.size()), '=');
    char* out = text.data();
    const auto put_pair = [&out](std::uint32_t bits) {
        std::memcpy(out, kPairs[bits].data(), 2);
        out += 2;
    };
    std::size_t i = 0;
    for (; i + 3 <= content.size(); i += 3) {
        const std::uint32_t bits =
            bits_of(content[i]) << 16 | bits_of(content[i + 1]) << 8 | bits_of(content[i + 2]);
        put_pair(bits >> 12);
        put_pair(bits & 0xFFF);
    }
    if (content.size() - i == 1) {
        put_pair(bits_of(content[i]) << 4);
    } else if (content.size() - i == 2) {
        const std::uint32_t bits = bits_of(content[i]) << 10 | bits_of(content[i + 1]) << 2;
        put_pair(bits >> 6);
        *out = kAlphabet[bits & 63];
    }
    return text;
}

std::vector<std::byte> decode_base64(std::string_view text, Base64Reading reading) {
    return Decoder(text, reading).decode();
}

}  // namespace editprep::transport
