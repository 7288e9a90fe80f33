#pragma once

#include <algorithm>

#include "editprep/imaging/geometry.hpp"

namespace editprep::imaging {

/// The sigma that Fill::blur_sigma_px stands for.
[[nodiscard]] inline double blur_sigma(double wished_px, Size picture) noexcept {
    return wished_px > 0 ? wished_px
                         : std::max(8.0, std::max(picture.width, picture.height) / 50.0);
}

}  // namespace editprep::imaging
