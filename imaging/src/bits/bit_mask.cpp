#include "bits/bit_mask.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "editprep/imaging/error.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

using Word = BitMask::Word;

constexpr Word kAllBits = ~Word{0};

std::size_t words_for(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "a mask needs a positive size, not " + to_string(size));
    }
    return (static_cast<std::size_t>(size.width) + BitMask::kWordBits - 1) / BitMask::kWordBits;
}

/// The lowest `count` bits, 0 < count <= kWordBits.
Word low_bits(int count) { return kAllBits >> (BitMask::kWordBits - count); }

EDITPREP_SIMD_CLONES
std::int64_t count_bits(const Word* words, std::size_t count) {
    std::int64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
        bits += std::popcount(words[i]);
    }
    return bits;
}

/// The lowest eight bits as bytes of zero or one, lowest first: each byte of a copy keeps its own
/// bit, which a sum carries to the top.
Word spread_eight(Word bits) {
    const Word own_bits = (bits & 0xFFU) * 0x0101'0101'0101'0101U & 0x8040'2010'0804'0201U;
    return (own_bits + 0x7F7F'7F7F'7F7F'7F7FU) >> 7 & 0x0101'0101'0101'0101U;
}

void expand_word(Word word, int pixels, std::uint8_t selected, std::uint8_t other,
                 std::uint8_t* out) {
    const Word all_other = other * 0x0101'0101'0101'0101U;
    const auto difference = static_cast<Word>(selected ^ other);
    for (int x = 0; x < pixels; x += 8) {
        const Word eight = all_other ^ spread_eight(word >> x) * difference;
        std::memcpy(out + x, &eight, static_cast<std::size_t>(std::min(8, pixels - x)));
    }
}

}  // namespace

BitMask::BitMask(Size size)
    : size_(size),
      words_per_row_(words_for(size)),
      words_(words_per_row_ * static_cast<std::size_t>(size.height) * sizeof(Word)) {
    std::memset(words_.data(), 0, words_.size());
}

bool operator==(const BitMask& a, const BitMask& b) noexcept {
    return a.size_ == b.size_ &&
           std::equal(a.words_.data(), a.words_.data() + a.words_.size(), b.words_.data());
}

BitMask::Word BitMask::used_bits_of_last_word() const noexcept {
    return low_bits((size_.width - 1) % kWordBits + 1);
}

bool equal_rows(const BitMask::Word* a, const BitMask::Word* b, std::size_t words) {
    return std::memcmp(a, b, words * sizeof(Word)) == 0;
}

void select_span(BitMask::Word* row, int left, int right) {
    if (left >= right) {
        return;
    }
    const Word from_left = kAllBits << (left % BitMask::kWordBits);
    const Word to_right = low_bits((right - 1) % BitMask::kWordBits + 1);
    Word* const first = row + left / BitMask::kWordBits;
    Word* const last = row + (right - 1) / BitMask::kWordBits;
    if (first == last) {
        *first |= from_left & to_right;
        return;
    }
    *first |= from_left;
    std::fill(first + 1, last, kAllBits);
    *last |= to_right;
}

void expand_row(const BitMask::Word* row, int width, std::uint8_t selected, std::uint8_t other,
                std::uint8_t* out) {
    for (int x = 0; x < width; x += BitMask::kWordBits, ++row) {
        const int pixels = std::min(width - x, BitMask::kWordBits);
        // Most words of a mask are of one kind.
        if (*row == 0 || *row == low_bits(pixels)) {
            std::memset(out + x, *row == 0 ? other : selected, static_cast<std::size_t>(pixels));
        } else {
            expand_word(*row, pixels, selected, other, out + x);
        }
    }
}

std::int64_t count_selected(const BitMask& mask) {
    return count_bits(mask.row(0), mask.words_per_row() * static_cast<std::size_t>(mask.height()));
}

}  // namespace editprep::imaging
