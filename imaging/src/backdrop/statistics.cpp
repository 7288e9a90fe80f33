#include "backdrop/statistics.hpp"

namespace editprep::imaging {

std::size_t ValueCounts::find(std::size_t& rank) const {
    std::size_t digit = 0;
    while (rank >= counts_[digit]) {
        rank -= counts_[digit++];
    }
    return digit;
}

float quantile(std::span<const float> values, double share) {
    return quantile_of(values.size(), share, [&](std::size_t i) { return values[i]; });
}

}  // namespace editprep::imaging
