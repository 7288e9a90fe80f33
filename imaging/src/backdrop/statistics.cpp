#include "backdrop/statistics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace editprep::imaging {
namespace {

constexpr int kDigitBits = 12;
/// Fewer values are not worth the counting.
constexpr std::size_t kFew = 4096;

/// The highest bits of a number that is the larger the larger the value is: sign, exponent and a
/// little of the mantissa.
std::size_t digit_of(float value) {
    constexpr std::uint32_t kSign = 0x80000000U;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t ordered = (bits & kSign) != 0 ? ~bits : bits | kSign;
    return ordered >> (32 - kDigitBits);
}

/// Leaves only the values that share a digit with the one of that rank, which costs two passes
/// where partitioning costs several that nobody can predict, and returns its rank among them.
std::size_t keep_neighbours(std::vector<float>& values, std::size_t rank) {
    std::array<std::uint32_t, std::size_t{1} << kDigitBits> counts{};
    for (const float value : values) {
        ++counts[digit_of(value)];
    }
    std::size_t digit = 0;
    while (rank >= counts[digit]) {
        rank -= counts[digit++];
    }
    std::erase_if(values, [digit](float value) { return digit_of(value) != digit; });
    return rank;
}

}  // namespace

float quantile(std::vector<float> values, double share) {
    if (values.empty()) {
        return 0;
    }
    auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    if (values.size() >= kFew) {
        rank = keep_neighbours(values, rank);
    }
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

}  // namespace editprep::imaging
