#include "bits/bit_morphology.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

using Word = BitMask::Word;

/// A shift of bits as whole words and a rest of less than a word.
struct Shift {
    explicit Shift(int distance)
        : words(static_cast<std::size_t>(distance / BitMask::kWordBits)),
          bits(distance % BitMask::kWordBits) {}

    std::size_t words;
    int bits;
};

/// The bits of `high` and `low` side by side, moved down by less than a word.
inline Word moved_down(Word low, Word high, int bits) {
    // In two steps, because a shift by a whole word is not defined.
    return low >> bits | high << 1 << (BitMask::kWordBits - 1 - bits);
}

inline Word moved_up(Word low, Word high, int bits) {
    return high << bits | low >> 1 >> (BitMask::kWordBits - 1 - bits);
}

/// out[x] = in[x] | in[x + shift]; nothing is selected beyond the end.
EDITPREP_SIMD_CLONES
void join_from_above(const Word* __restrict in, Word* __restrict out, std::size_t words,
                     Shift shift) {
    const std::size_t whole = std::min(shift.words, words);
    const std::size_t inner = words - whole;
    for (std::size_t i = 0; i + 1 < inner; ++i) {
        out[i] = in[i] | moved_down(in[i + whole], in[i + whole + 1], shift.bits);
    }
    if (inner > 0) {
        out[inner - 1] = in[inner - 1] | moved_down(in[words - 1], 0, shift.bits);
    }
    std::copy(in + inner, in + words, out + inner);
}

/// out[x] = in[x] | in[x - shift].
EDITPREP_SIMD_CLONES
void join_from_below(const Word* __restrict in, Word* __restrict out, std::size_t words,
                     Shift shift) {
    const std::size_t whole = std::min(shift.words, words);
    std::copy(in, in + whole, out);
    if (whole < words) {
        out[whole] = in[whole] | moved_up(0, in[0], shift.bits);
    }
    for (std::size_t i = whole + 1; i < words; ++i) {
        out[i] = in[i] | moved_up(in[i - whole - 1], in[i - whole], shift.bits);
    }
}

EDITPREP_SIMD_CLONES
void join(Word* __restrict row, const Word* __restrict other, std::size_t words) {
    for (std::size_t i = 0; i < words; ++i) {
        row[i] |= other[i];
    }
}

/// Calls join(distance) with the distances that widen what one pixel reaches from nothing to
/// `radius`: each doubles the stretch that is covered so far, the last covers what is missing.
template <class Join>
void widen(int radius, Join join) {
    const int wanted = radius + 1;
    for (int covered = 1; covered < wanted;) {
        const int distance = std::min(covered, wanted - covered);
        join(distance);
        covered += distance;
    }
}

// Growing first to one side and then, what came of it, to the other is growing to both: what the
// first would add beyond the border could come back only where its pixel at the border goes too.

/// Along the rows, each by itself.
void grow_across(BitMask& mask, int radius) {
    const std::size_t words = mask.words_per_row();
    const Word last_word = mask.used_bits_of_last_word();
    std::vector<Word> buffer(words);
    for (int y = 0; y < mask.height(); ++y) {
        Word* from = mask.row(y);
        Word* to = buffer.data();
        const auto join_with = [&](auto join_from, int distance) {
            join_from(from, to, words, Shift(distance));
            std::swap(from, to);
        };
        widen(radius, [&](int distance) { join_with(join_from_below, distance); });
        widen(radius, [&](int distance) { join_with(join_from_above, distance); });
        // Each side took the same number of steps, so the result is back in the mask.
        mask.row(y)[words - 1] &= last_word;
    }
}

/// Along the columns, whole rows at a time: in place, because a row is joined with one that has
/// not changed yet.
void grow_down(BitMask& mask, int radius) {
    const std::size_t words = mask.words_per_row();
    widen(radius, [&](int distance) {
        for (int y = 0; y + distance < mask.height(); ++y) {
            join(mask.row(y), mask.row(y + distance), words);
        }
    });
    widen(radius, [&](int distance) {
        for (int y = mask.height() - 1; y >= distance; --y) {
            join(mask.row(y), mask.row(y - distance), words);
        }
    });
}

EDITPREP_SIMD_CLONES
void complement(Word* words, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        words[i] = ~words[i];
    }
}

void complement(BitMask& mask) {
    const Word last_word = mask.used_bits_of_last_word();
    for (int y = 0; y < mask.height(); ++y) {
        complement(mask.row(y), mask.words_per_row());
        mask.row(y)[mask.words_per_row() - 1] &= last_word;
    }
}

}  // namespace

void grow(BitMask& mask, int radius_px) {
    if (radius_px <= 0) {
        return;
    }
    grow_across(mask, std::min(radius_px, mask.width() - 1));
    grow_down(mask, std::min(radius_px, mask.height() - 1));
}

void shrink(BitMask& mask, int radius_px) {
    if (radius_px <= 0) {
        return;
    }
    // What is selected shrinks by as much as what is not selected grows.
    complement(mask);
    grow(mask, radius_px);
    complement(mask);
}

}  // namespace editprep::imaging
