#include "bits/select_bits.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "bits/select_bits_avx2.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

using Word = BitMask::Word;

/// Pixels are judged into a byte each, a piece of a row at a time so that the bytes stay in the
/// nearest cache, and then packed.
constexpr std::size_t kPiece = 1024;

EDITPREP_SIMD_CLONES
void judge_alpha(const std::uint8_t* __restrict rgba, int threshold,
                 std::uint8_t* __restrict selected, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        selected[i] = rgba[4 * i + 3] >= threshold;
    }
}

EDITPREP_SIMD_CLONES
void judge_grey(const std::uint8_t* __restrict grey, int backdrop, int squared_threshold,
                std::uint8_t* __restrict selected, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const int difference = grey[i] - backdrop;
        selected[i] = 3 * difference * difference >= squared_threshold;
    }
}

template <std::size_t kChannels>
[[gnu::always_inline]] inline void judge_colour(const std::uint8_t* __restrict pixel,
                                                Color backdrop, int squared_threshold,
                                                std::uint8_t* __restrict selected,
                                                std::size_t pixels) {
    const int red = backdrop.red;
    const int green = backdrop.green;
    const int blue = backdrop.blue;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int r = pixel[kChannels * i] - red;
        const int g = pixel[kChannels * i + 1] - green;
        const int b = pixel[kChannels * i + 2] - blue;
        selected[i] = r * r + g * g + b * b >= squared_threshold;
    }
}

EDITPREP_SIMD_CLONES
void judge_rgb(const std::uint8_t* rgb, Color backdrop, int squared_threshold,
               std::uint8_t* selected, std::size_t pixels) {
    judge_colour<3>(rgb, backdrop, squared_threshold, selected, pixels);
}

EDITPREP_SIMD_CLONES
void judge_rgba(const std::uint8_t* rgba, Color backdrop, int squared_threshold,
                std::uint8_t* selected, std::size_t pixels) {
    judge_colour<4>(rgba, backdrop, squared_threshold, selected, pixels);
}

/// Eight bytes of zero or one as the lowest eight bits, first byte lowest: the product adds up
/// copies of the word in which each byte's one arrives in the highest byte at its own place.
Word pack_eight(const std::uint8_t* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word * 0x0102'0408'1020'4080U >> 56;
}

/// 64 bytes of zero or one become a word.
void pack(const std::uint8_t* bytes, std::size_t words, Word* out) {
    for (std::size_t i = 0; i < words; ++i) {
        Word word = 0;
        for (std::size_t part = 0; part < 8; ++part) {
            word |= pack_eight(bytes + 64 * i + 8 * part) << (8 * part);
        }
        out[i] = word;
    }
}

/// Calls judge(first, pixels, bytes) for piece after piece; it sets a byte a pixel to zero or one.
template <class Judge>
void select(std::size_t pixels, Word* out, Judge judge) {
    std::array<std::uint8_t, kPiece> selected;
    for (std::size_t first = 0; first < pixels; first += kPiece) {
        const std::size_t count = std::min(kPiece, pixels - first);
        const std::size_t words = (count + BitMask::kWordBits - 1) / BitMask::kWordBits;
        judge(first, count, selected.data());
        std::fill_n(selected.data() + count, words * BitMask::kWordBits - count, std::uint8_t{0});
        pack(selected.data(), words, out + first / BitMask::kWordBits);
    }
}

}  // namespace

void select_distant(const std::uint8_t* row, Channels channels, std::size_t pixels, Color backdrop,
                    int squared_threshold, BitMask::Word* out) {
    const std::size_t words =
        select_distant_avx2(row, channels, pixels, backdrop, squared_threshold, out);
    const std::size_t done = words * BitMask::kWordBits;
    row += done * static_cast<std::size_t>(channels);
    pixels -= done;
    out += words;
    switch (channels) {
        case Channels::grey:
            select(pixels, out, [&](std::size_t first, std::size_t count, std::uint8_t* selected) {
                judge_grey(row + first, backdrop.red, squared_threshold, selected, count);
            });
            break;
        case Channels::rgb:
            select(pixels, out, [&](std::size_t first, std::size_t count, std::uint8_t* selected) {
                judge_rgb(row + 3 * first, backdrop, squared_threshold, selected, count);
            });
            break;
        case Channels::rgba:
            select(pixels, out, [&](std::size_t first, std::size_t count, std::uint8_t* selected) {
                judge_rgba(row + 4 * first, backdrop, squared_threshold, selected, count);
            });
            break;
    }
}

void select_opaque(const std::uint8_t* rgba, std::size_t pixels, int threshold,
                   BitMask::Word* out) {
    select(pixels, out, [&](std::size_t first, std::size_t count, std::uint8_t* selected) {
        judge_alpha(rgba + 4 * first, threshold, selected, count);
    });
}

}  // namespace editprep::imaging
