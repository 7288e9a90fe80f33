#pragma once

#include <cstdint>
#include <limits>

#include "box_walk/unsure.hpp"

namespace editprep::video::box_walk {

[[nodiscard]] inline std::int64_t sum(std::int64_t one, std::int64_t other) {
    std::int64_t result = 0;
    be_sure(!__builtin_add_overflow(one, other, &result));
    return result;
}

[[nodiscard]] inline std::int64_t product(std::int64_t one, std::int64_t other) {
    std::int64_t result = 0;
    be_sure(!__builtin_mul_overflow(one, other, &result));
    return result;
}

/// `value * numerator / denominator` to the nearest, halves upwards.
/// @param value not below 0; the others positive and of 31 bits
[[nodiscard]] inline std::int64_t rescale(std::int64_t value, std::int64_t numerator,
                                          std::int64_t denominator) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    be_sure(value >= 0 && numerator > 0 && numerator <= kMost && denominator > 0 &&
            denominator <= kMost);
    const std::int64_t rest = (value % denominator * numerator + denominator / 2) / denominator;
    return sum(product(value / denominator, numerator), rest);
}

}  // namespace editprep::video::box_walk
