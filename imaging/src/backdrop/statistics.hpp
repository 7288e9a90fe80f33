#pragma once

#include <utility>
#include <vector>

namespace editprep::imaging {

/// The value that `share` (0 to 1) of all others lie below; 0 for no values. None may be NaN.
[[nodiscard]] float quantile(std::vector<float> values, double share);

[[nodiscard]] inline float median(std::vector<float> values) {
    return quantile(std::move(values), 0.5);
}

}  // namespace editprep::imaging
