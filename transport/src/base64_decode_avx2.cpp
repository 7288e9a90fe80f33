#include "base64_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace editprep::transport {

#if defined(__x86_64__)
namespace {

constexpr std::size_t kCharactersAtOnce = 32;
/// A step writes 32 bytes, of which 24 count: so many characters must be left for their room.
constexpr std::size_t kCharactersNeeded = 44;

__attribute__((target("avx2"))) __m256i repeated(__m128i half) {
    return _mm256_broadcastsi128_si256(half);
}

__attribute__((target("avx2"))) __m256i with_standard_alphabet(__m256i text) {
    const __m256i is_minus = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('-'));
    const __m256i is_underscore = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('_'));
    const __m256i with_plus = _mm256_blendv_epi8(text, _mm256_set1_epi8('+'), is_minus);
    return _mm256_blendv_epi8(with_plus, _mm256_set1_epi8('/'), is_underscore);
}

/// The upper four bits of every character.
__attribute__((target("avx2"))) __m256i upper_halves(__m256i text) {
    return _mm256_and_si256(_mm256_srli_epi32(text, 4), _mm256_set1_epi8(0x0F));
}

/// Each table gives, for one half of a character, the kinds of failure that it is part of; a
/// character is none of the alphabet's when both of its halves agree on one. The kinds: 1 for 2x,
/// 2 for 3x, 4 for 4x and 6x, 8 for 5x and 7x, 16 for every other upper half.
__attribute__((target("avx2"))) bool all_in_alphabet(__m256i text) {
    const __m256i by_lower_half =
        repeated(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
                               0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
    const __m256i by_upper_half =
        repeated(_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
                               0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i lower_halves = _mm256_and_si256(text, _mm256_set1_epi8(0x0F));
    return _mm256_testz_si256(_mm256_shuffle_epi8(by_lower_half, lower_halves),
                              _mm256_shuffle_epi8(by_upper_half, upper_halves(text))) != 0;
}

/// The value of a character lies a distance away that its upper half decides; the slash, which
/// shares its upper half with the plus, takes the unused entry before.
__attribute__((target("avx2"))) __m256i values_of(__m256i text) {
    const __m256i distances = repeated(_mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A',
                                                     26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i is_slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
    const __m256i entry = _mm256_add_epi8(upper_halves(text), is_slash);
    return _mm256_add_epi8(text, _mm256_shuffle_epi8(distances, entry));
}

/// Four values of 6 bits become three bytes, and the 24 bytes move together at the front.
__attribute__((target("avx2"))) __m256i packed(__m256i values) {
    const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i halves = _mm256_shuffle_epi8(
        groups, repeated(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
    return _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

__attribute__((target("avx2"))) std::size_t decode_steps(std::string_view text,
                                                         Base64Reading reading,
                                                         std::byte* content) {
    std::size_t done = 0;
    for (; done + kCharactersNeeded <= text.size(); done += kCharactersAtOnce) {
        __m256i characters =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + done));
        if (reading == Base64Reading::tolerant) {
            characters = with_standard_alphabet(characters);
        }
        if (!all_in_alphabet(characters)) {
            break;
        }
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(content + done / 4 * 3),
                            packed(values_of(characters)));
    }
    return done;
}

}  // namespace

std::size_t decode_quartets_avx2(std::string_view text, Base64Reading reading,
                                 std::byte* content) noexcept {
    return __builtin_cpu_supports("avx2") ? decode_steps(text, reading, content) : 0;
}
#else
std::size_t decode_quartets_avx2(std::string_view, Base64Reading, std::byte*) noexcept { return 0; }
#endif

}  // namespace editprep::transport
