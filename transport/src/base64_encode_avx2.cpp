#include "base64_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace editprep::transport {

#if defined(__x86_64__)
namespace {

constexpr std::size_t kBytesAtOnce = 24;
/// The second half of a step is loaded as 16 bytes, of which 12 are used.
constexpr std::size_t kBytesRead = 28;

/// Spreads the 12 bytes of each half over 32 values of 6 bits. The bit fields of a group that has
/// been shuffled into the order 1 0 2 1 lie where two multiplications can shift each into its byte.
__attribute__((target("avx2"))) __m256i values_of(const std::byte* content) {
    const auto* front = reinterpret_cast<const __m128i*>(content);
    const auto* back = reinterpret_cast<const __m128i*>(content + kBytesAtOnce / 2);
    const __m256i bytes =
        _mm256_shuffle_epi8(_mm256_set_m128i(_mm_loadu_si128(back), _mm_loadu_si128(front)),
                            _mm256_broadcastsi128_si256(
                                _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10)));
    const __m256i first_and_third = _mm256_mulhi_epu16(
        _mm256_and_si256(bytes, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
    const __m256i second_and_fourth = _mm256_mullo_epi16(
        _mm256_and_si256(bytes, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
    return _mm256_or_si256(first_and_third, second_and_fourth);
}

/// The alphabet has five stretches, each a fixed distance away from its values: a saturated
/// subtraction numbers them (upper case 13, lower case 0, digits 1 to 10, + 11, / 12).
__attribute__((target("avx2"))) __m256i characters_for(__m256i values) {
    const __m256i is_upper_case = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), values);
    const __m256i stretch = _mm256_or_si256(_mm256_subs_epu8(values, _mm256_set1_epi8(51)),
                                            _mm256_and_si256(is_upper_case, _mm256_set1_epi8(13)));
    constexpr char kLower = 'a' - 26;
    constexpr char kDigit = '0' - 52;
    const __m256i distances = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(kLower, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit,
                      kDigit, kDigit, '+' - 62, '/' - 63, 'A', 0, 0));
    return _mm256_add_epi8(values, _mm256_shuffle_epi8(distances, stretch));
}

__attribute__((target("avx2"))) std::size_t encode_steps(std::span<const std::byte> content,
                                                         char* text) {
    std::size_t done = 0;
    for (; done + kBytesRead <= content.size(); done += kBytesAtOnce) {
        auto* out = reinterpret_cast<__m256i*>(text + done / 3 * 4);
        _mm256_storeu_si256(out, characters_for(values_of(content.data() + done)));
    }
    return done;
}

}  // namespace

std::size_t encode_groups_avx2(std::span<const std::byte> content, char* text) noexcept {
    return __builtin_cpu_supports("avx2") ? encode_steps(content, text) : 0;
}
#else
std::size_t encode_groups_avx2(std::span<const std::byte>, char*) noexcept { return 0; }
#endif

}  // namespace editprep::transport
