#include "bits/select_bits_avx2.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace editprep::imaging {

#if defined(__x86_64__)
namespace {

constexpr int kStep = 8;

struct Rgb {
    static constexpr int kChannels = 3;

    /// Eight pixels as R, G, B, 0.
    __attribute__((target("avx2"))) static __m256i load(const std::uint8_t* pixels) {
        // The first and the last 16 of their 24 bytes.
        const auto* first = reinterpret_cast<const __m128i*>(pixels);
        const auto* last = reinterpret_cast<const __m128i*>(pixels + 8);
        const __m256i packed = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128(first)), _mm_loadu_si128(last), 1);
        const __m256i places =
            _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, 4, 5, 6, -1, 7,
                             8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
        return _mm256_shuffle_epi8(packed, places);
    }
};

struct Rgba {
    static constexpr int kChannels = 4;

    __attribute__((target("avx2"))) static __m256i load(const std::uint8_t* pixels) {
        const __m256i packed = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(pixels));
        return _mm256_and_si256(packed, _mm256_set1_epi32(0x00FF'FFFF));
    }
};

/// dr*dr + dg*dg and db*db of four pixels, two from each half.
__attribute__((target("avx2"))) __m256i squares(__m256i samples, __m256i backdrop) {
    const __m256i difference = _mm256_sub_epi16(samples, backdrop);
    return _mm256_madd_epi16(difference, difference);
}

template <class Pixels>
__attribute__((target("avx2"))) std::size_t select_words(const std::uint8_t* pixel,
                                                         std::size_t words, Color color,
                                                         int squared_threshold,
                                                         BitMask::Word* out) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i backdrop = _mm256_set1_epi64x(std::int64_t{color.blue} << 32 |
                                                std::int64_t{color.green} << 16 | color.red);
    const __m256i below = _mm256_set1_epi32(squared_threshold - 1);
    for (std::size_t i = 0; i < words; ++i) {
        BitMask::Word word = 0;
        for (int bit = 0; bit < BitMask::kWordBits; bit += kStep) {
            const __m256i bytes = Pixels::load(pixel);
            const __m256i low = squares(_mm256_unpacklo_epi8(bytes, zero), backdrop);
            const __m256i high = squares(_mm256_unpackhi_epi8(bytes, zero), backdrop);
            // In each half the sums of `low` come first: just the order of the pixels.
            const __m256i distances = _mm256_hadd_epi32(low, high);
            const __m256i is_distant = _mm256_cmpgt_epi32(distances, below);
            const int eight = _mm256_movemask_ps(_mm256_castsi256_ps(is_distant));
            word |= static_cast<BitMask::Word>(eight) << bit;
            pixel += kStep * Pixels::kChannels;
        }
        out[i] = word;
    }
    return words;
}

}  // namespace

std::size_t select_distant_avx2(const std::uint8_t* row, Channels channels, std::size_t pixels,
                                Color backdrop, int squared_threshold, BitMask::Word* out) {
    if (channels == Channels::grey || __builtin_cpu_supports("avx2") == 0) {
        return 0;
    }
    const std::size_t words = pixels / BitMask::kWordBits;
    return channels == Channels::rgba
               ? select_words<Rgba>(row, words, backdrop, squared_threshold, out)
               : select_words<Rgb>(row, words, backdrop, squared_threshold, out);
}

#else

std::size_t select_distant_avx2(const std::uint8_t*, Channels, std::size_t, Color, int,
                                BitMask::Word*) {
    return 0;
}

#endif

}  // namespace editprep::imaging
