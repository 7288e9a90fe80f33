#include "editprep/transport/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base64_alphabet.hpp"
#include "base64_kernels.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

/// Characters that are decoded into a buffer before they are appended; it stays in the cache.
constexpr std::size_t kRunLength = 16 << 10;

[[noreturn]] void refuse(std::string_view why, std::size_t position) {
    throw Error(Errc::invalid_base64,
                "Invalid base64: " + std::string(why) + " at position " + std::to_string(position),
                "base64");
}

/// Turns characters into bytes, in long runs where only plain characters follow each other.
class Decoder {
public:
    Decoder(std::string_view text, Base64Reading reading)
        : text_(text), reading_(reading), meanings_(meanings_of(reading)) {
        content_.reserve(text.size() / 4 * 3 + 2);
    }

    std::vector<std::byte> decode() {
        while (position_ < text_.size()) {
            if (pending_count_ == 0 && padding_ == 0 && take_plain_run()) {
                continue;
            }
            take_character();
        }
        finish();
        return std::move(content_);
    }

private:
    void append(std::uint32_t byte) { content_.push_back(static_cast<std::byte>(byte & 0xFF)); }

    bool take_plain_run() {
        const std::string_view run = text_.substr(position_, kRunLength);
        std::size_t done = decode_quartets_avx2(run, reading_, run_content_.data());
        done += decode_quartets_portable(run.substr(done), reading_,
                                         run_content_.data() + done / 4 * 3);
        const auto end = run_content_.begin() + static_cast<std::ptrdiff_t>(done / 4 * 3);
        content_.insert(content_.end(), run_content_.begin(), end);
        position_ += done;
        return done != 0;
    }

    void take_character() {
        const std::uint32_t meaning = meanings_[static_cast<std::uint8_t>(text_[position_])];
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
    std::array<std::byte, kRunLength / 4 * 3> run_content_{};
    std::vector<std::byte> content_;
    std::size_t position_ = 0;
    std::uint32_t pending_ = 0;
    int pending_count_ = 0;
    int padding_ = 0;
};

}  // namespace

std::string encode_base64(std::span<const std::byte> content) {
    std::string text(base64_size(content.size()), '=');
    encode_base64(content, text.data());
    return text;
}

void encode_base64(std::span<const std::byte> content, char* text) noexcept {
    std::size_t done = encode_groups_avx2(content, text);
    done += encode_groups_portable(content.subspan(done), text + done / 3 * 4);
    const auto rest = content.subspan(done);
    if (rest.empty()) {
        return;
    }
    // The group is filled up with zero bytes, whose characters the padding takes the place of.
    std::array<std::byte, 3> group{};
    std::ranges::copy(rest, group.begin());
    char* last = text + done / 3 * 4;
    static_cast<void>(encode_groups_portable(group, last));
    std::fill(last + rest.size() + 1, last + 4, '=');
}

std::vector<std::byte> decode_base64(std::string_view text, Base64Reading reading) {
    return Decoder(text, reading).decode();
}

}  // namespace editprep::transport
