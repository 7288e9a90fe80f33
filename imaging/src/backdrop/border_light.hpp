#pragma once

#include <vector>

#include "backdrop/border_line.hpp"

namespace editprep::imaging {

/// The backdrop's light along the border of the picture: its colours without noise, shadows and
/// what is no backdrop, in the order of border.cells().
[[nodiscard]] std::vector<Rgb> light_along(const BorderLine& border);

}  // namespace editprep::imaging
