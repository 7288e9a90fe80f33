#pragma once

#include <cstdint>
#include <random>

#include "bits/bit_mask.hpp"
#include "editprep/imaging/mask.hpp"

/// Bit masks and the byte masks that mean the same.
namespace editprep::testing {

[[nodiscard]] inline imaging::Mask to_bytes(const imaging::BitMask& bits) {
    imaging::Mask mask(bits.size());
    for (int y = 0; y < bits.height(); ++y) {
        for (int x = 0; x < bits.width(); ++x) {
            mask.row(y)[x] = bits.at(x, y) ? 255 : 0;
        }
    }
    return mask;
}

/// Selects what is not zero.
[[nodiscard]] inline imaging::BitMask to_bits(const imaging::Mask& mask) {
    imaging::BitMask bits(mask.size());
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (mask.row(y)[x] != 0) {
                imaging::select_span(bits.row(y), x, x + 1);
            }
        }
    }
    return bits;
}

/// Every pixel is selected with that probability.
[[nodiscard]] inline imaging::BitMask random_bits(imaging::Size size, double density,
                                                  std::uint32_t seed) {
    std::mt19937 random(seed);
    std::bernoulli_distribution is_selected(density);
    imaging::BitMask bits(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (is_selected(random)) {
                imaging::select_span(bits.row(y), x, x + 1);
            }
        }
    }
    return bits;
}

}  // namespace editprep::testing
