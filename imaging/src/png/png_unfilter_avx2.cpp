#include "png/png_unfilter_avx2.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

namespace editprep::imaging {
namespace {

template <std::size_t Bytes>
__attribute__((target("avx2"))) __m128i load(const std::uint8_t* from) {
    std::int32_t word = 0;
    std::memcpy(&word, from, Bytes);
    return _mm_cvtsi32_si128(word);
}

template <std::size_t Bytes>
__attribute__((target("avx2"))) void store(__m128i pixel, std::uint8_t* to) {
    const std::int32_t word = _mm_cvtsi128_si32(pixel);
    std::memcpy(to, &word, Bytes);
}

/// Calls `step` with each pixel as filtered and the one above it; stores what it gives. Pixels of 3
/// bytes go through as 4, of which the next pixel overwrites the last; so the row's own last pixel
/// must not.
template <std::size_t PixelBytes, typename Step>
__attribute__((target("avx2"))) void for_each_pixel(const FilteredRow& row, Step step) {
    const std::uint8_t* __restrict filtered = row.filtered;
    const std::uint8_t* __restrict above = row.above;
    std::uint8_t* __restrict out = row.out;
    const std::size_t bytes = row.bytes;
    std::size_t i = 0;
    for (; i + 4 <= bytes; i += PixelBytes) {
        store<4>(step(load<4>(filtered + i), load<4>(above + i)), out + i);
    }
    for (; i < bytes; i += PixelBytes) {
        store<PixelBytes>(step(load<PixelBytes>(filtered + i), load<PixelBytes>(above + i)),
                          out + i);
    }
}

/// What a filter knows of the pixels before, and what it makes of the next one.
struct Sub {
    __m128i left{};

    __attribute__((target("avx2"))) __m128i operator()(__m128i filtered, __m128i) {
        left = _mm_add_epi8(filtered, left);
        return left;
    }
};

/// The instruction rounds up, the filter down; of complements the one is the other's complement. So
/// two instructions lie between one pixel and the next.
struct Average {
    __m128i ones = _mm_set1_epi8(-1);
    __m128i left_complement = ones;

    __attribute__((target("avx2"))) __m128i operator()(__m128i filtered, __m128i above) {
        const __m128i average_complement =
            _mm_avg_epu8(left_complement, _mm_xor_si128(above, ones));
        left_complement = _mm_sub_epi8(average_complement, filtered);
        return _mm_xor_si128(left_complement, ones);
    }
};

/// Paeth's choice without distances. With `low` and `high` for the smaller and the larger of the
/// two neighbours and t = 3 * corner - left - above: low where high <= t, high where t <= low, else
/// the corner. So five instructions lie between one pixel and the next.
struct Paeth {
    __m128i left{};
    __m128i corner{};

    __attribute__((target("avx2"))) __m128i operator()(__m128i filtered, __m128i above_bytes) {
        const __m128i above = _mm_cvtepu8_epi16(above_bytes);
        const __m128i low = _mm_min_epi16(left, above);
        const __m128i high = _mm_max_epi16(left, above);
        const __m128i threshold = _mm_sub_epi16(
            _mm_sub_epi16(_mm_add_epi16(_mm_add_epi16(corner, corner), corner), above), left);
        const __m128i not_low = _mm_cmpgt_epi16(high, threshold);
        const __m128i not_high = _mm_cmpgt_epi16(threshold, low);
        const __m128i chosen =
            _mm_blendv_epi8(low, _mm_blendv_epi8(high, corner, not_high), not_low);
        corner = above;
        // Of bytes, so that the carry is lost as it should be.
        left = _mm_add_epi8(_mm_cvtepu8_epi16(filtered), chosen);
        return _mm_packus_epi16(left, left);
    }
};

template <std::size_t PixelBytes>
__attribute__((target("avx2"))) bool unfilter(unsigned filter, const FilteredRow& row) {
    switch (filter) {
        case 1:
            for_each_pixel<PixelBytes>(row, Sub());
            return true;
        case 3:
            for_each_pixel<PixelBytes>(row, Average());
            return true;
        case 4:
            for_each_pixel<PixelBytes>(row, Paeth());
            return true;
        default:
            return false;
    }
}

}  // namespace

bool png_unfilter_avx2(unsigned filter, const FilteredRow& row) {
    if (__builtin_cpu_supports("avx2") == 0) {
        return false;
    }
    switch (row.pixel_bytes) {
        case 3:
            return unfilter<3>(filter, row);
        case 4:
            return unfilter<4>(filter, row);
        default:
            return false;
    }
}

}  // namespace editprep::imaging

#else

namespace editprep::imaging {

bool png_unfilter_avx2(unsigned, const FilteredRow&) { return false; }

}  // namespace editprep::imaging

#endif
