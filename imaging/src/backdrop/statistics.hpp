#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "backdrop/cell_memory.hpp"

namespace editprep::imaging {

/// How many values share the highest bits of a number that is the larger the larger the value is:
/// sign, exponent and a little of the mantissa.
class ValueCounts {
public:
    [[nodiscard]] static std::size_t digit_of(float value) {
        constexpr std::uint32_t kSign = 0x80000000U;
        const auto bits = std::bit_cast<std::uint32_t>(value);
        const std::uint32_t ordered = (bits & kSign) != 0 ? ~bits : bits | kSign;
        return ordered >> (32 - kDigitBits);
    }

    void add(float value) { ++counts_[digit_of(value)]; }
    [[nodiscard]] std::size_t count(std::size_t digit) const { return counts_[digit]; }
    /// The digit of the value of that rank, which becomes its rank among those that share it.
    [[nodiscard]] std::size_t find(std::size_t& rank) const;

private:
    static constexpr int kDigitBits = 12;

    std::array<std::uint32_t, std::size_t{1} << kDigitBits> counts_{};
};

/// quantile() of the values value_at(0) to value_at(count - 1), each of which is asked for once or
/// twice and has to be the same then, and no NaN: of many only those are kept that share a digit
/// with the one that is looked for, which costs two passes where partitioning costs several that
/// nobody can predict.
template <typename ValueAt>
[[nodiscard]] float quantile_of(std::size_t count, double share, const ValueAt& value_at) {
    // Fewer values are not worth the counting.
    constexpr std::size_t kFew = 4096;
    if (count == 0) {
        return 0;
    }
    auto rank = static_cast<std::size_t>(share * static_cast<double>(count - 1));
    CellVector<float> kept;
    if (count < kFew) {
        kept.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            kept[i] = value_at(i);
        }
    } else {
        ValueCounts counts;
        for (std::size_t i = 0; i < count; ++i) {
            counts.add(value_at(i));
        }
        const std::size_t digit = counts.find(rank);
        kept.reserve(counts.count(digit));
        for (std::size_t i = 0; i < count; ++i) {
            const float value = value_at(i);
            if (ValueCounts::digit_of(value) == digit) {
                kept.push_back(value);
            }
        }
    }
    const auto at = kept.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(kept.begin(), at, kept.end());
    return *at;
}

/// The value that `share` (0 to 1) of all others lie below; 0 for no values. None may be NaN.
[[nodiscard]] float quantile(std::span<const float> values, double share);

[[nodiscard]] inline float median(std::span<const float> values) { return quantile(values, 0.5); }

}  // namespace editprep::imaging
