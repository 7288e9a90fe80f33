#include "mask_tally.hpp"

#include <algorithm>
#include <cstddef>

#include "nonzero.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Fits for rows of up to 2^24 pixels.
EDITPREP_SIMD_CLONES
std::uint32_t sum(const std::uint8_t* values, std::size_t count) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        total += values[i];
    }
    return total;
}

}  // namespace

void MaskTally::add(const std::uint8_t* row) noexcept {
    const int y = rows_++;
    if (row != nullptr) {
        row_sum_ = sum(row, static_cast<std::size_t>(size_.width));
    }
    sum_ += row_sum_;
    if (row_sum_ == 0) {
        return;
    }
    if (bounds_.empty()) {
        bounds_ = {size_.width, y, 0, y};
    }
    bounds_.bottom = y + 1;
    if (row != nullptr) {
        // Only what lies outside of the bounds can widen them.
        const auto left = static_cast<std::size_t>(bounds_.left);
        const auto right = static_cast<std::size_t>(bounds_.right);
        bounds_.left = static_cast<int>(find_nonzero(row, 0, left));
        bounds_.right =
            static_cast<int>(find_nonzero_end(row, right, static_cast<std::size_t>(size_.width)));
    }
}

double MaskTally::coverage() const noexcept {
    return static_cast<double>(sum_) / (255.0 * static_cast<double>(size_.area()));
}

}  // namespace editprep::imaging
