#pragma once

#include <algorithm>
#include <vector>

namespace editprep::imaging {

/// 0 for no values.
[[nodiscard]] inline float quantile(std::vector<float> values, double share) {
    if (values.empty()) {
        return 0;
    }
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

[[nodiscard]] inline float median(std::vector<float> values) {
    return quantile(std::move(values), 0.5);
}

}  // namespace editprep::imaging
