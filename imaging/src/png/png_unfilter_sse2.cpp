#include "png/png_unfilter_sse2.hpp"

#if defined(__x86_64__)

#include <emmintrin.h>

#include <cstring>

namespace editprep::imaging {
namespace {

template <std::size_t Bytes>
__m128i load(const std::uint8_t* from) {
    std::int32_t word = 0;
    std::memcpy(&word, from, Bytes);
    return _mm_cvtsi32_si128(word);
}

template <std::size_t Bytes>
void store(__m128i pixel, std::uint8_t* to) {
    const std::int32_t word = _mm_cvtsi128_si32(pixel);
    std::memcpy(to, &word, Bytes);
}

/// Calls `step` with each pixel as filtered and the one above it; stores what it gives. Pixels of 3
/// bytes go through as 4, of which the next pixel overwrites the last; so the row's own last pixel
/// must not.
template <std::size_t PixelBytes, typename Step>
void for_each_pixel(const FilteredRow& row, Step step) {
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

template <std::size_t PixelBytes>
void unfilter_sub(const FilteredRow& row) {
    __m128i left = _mm_setzero_si128();
    for_each_pixel<PixelBytes>(row, [&left](__m128i filtered, __m128i) {
        left = _mm_add_epi8(filtered, left);
        return left;
    });
}

template <std::size_t PixelBytes>
void unfilter_average(const FilteredRow& row) {
    __m128i left = _mm_setzero_si128();
    const __m128i one = _mm_set1_epi8(1);
    for_each_pixel<PixelBytes>(row, [&left, one](__m128i filtered, __m128i above) {
        // The instruction rounds up, the filter down.
        const __m128i rounded_up = _mm_avg_epu8(left, above);
        const __m128i odd = _mm_and_si128(_mm_xor_si128(left, above), one);
        left = _mm_add_epi8(filtered, _mm_sub_epi8(rounded_up, odd));
        return left;
    });
}

/// Paeth's choice without distances. With `low` and `high` for the smaller and the larger of the
/// two neighbours and t = 3 * corner - left - above: low where high <= t, high where t <= low, else
/// the corner. So six instructions lie between one pixel and the next.
template <std::size_t PixelBytes>
void unfilter_paeth(const FilteredRow& row) {
    const __m128i zero = _mm_setzero_si128();
    __m128i left = zero;
    __m128i corner = zero;
    for_each_pixel<PixelBytes>(row, [&left, &corner, zero](__m128i filtered, __m128i above_bytes) {
        const __m128i above = _mm_unpacklo_epi8(above_bytes, zero);
        const __m128i low = _mm_min_epi16(left, above);
        const __m128i high = _mm_max_epi16(left, above);
        const __m128i threshold = _mm_sub_epi16(
            _mm_sub_epi16(_mm_add_epi16(_mm_add_epi16(corner, corner), corner), above), left);
        const __m128i not_low = _mm_cmpgt_epi16(high, threshold);
        const __m128i not_high = _mm_cmpgt_epi16(threshold, low);
        const __m128i chosen = _mm_or_si128(
            _mm_or_si128(_mm_andnot_si128(not_low, low), _mm_andnot_si128(not_high, high)),
            _mm_and_si128(_mm_and_si128(not_low, not_high), corner));
        corner = above;
        // Of bytes, so that the carry is lost as it should be.
        left = _mm_add_epi8(_mm_unpacklo_epi8(filtered, zero), chosen);
        return _mm_packus_epi16(left, left);
    });
}

template <std::size_t PixelBytes>
bool unfilter(unsigned filter, const FilteredRow& row) {
    switch (filter) {
        case 1:
            unfilter_sub<PixelBytes>(row);
            return true;
        case 3:
            unfilter_average<PixelBytes>(row);
            return true;
        case 4:
            unfilter_paeth<PixelBytes>(row);
            return true;
        default:
            return false;
    }
}

}  // namespace

bool png_unfilter_sse2(unsigned filter, const FilteredRow& row) {
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

bool png_unfilter_sse2(unsigned, const FilteredRow&) { return false; }

}  // namespace editprep::imaging

#endif
