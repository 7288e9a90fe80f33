#pragma once

#include <cstddef>

#include "backdrop/opponent.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Of a cell from the backdrop's light.
[[nodiscard]] inline Opponent difference_at(const WorkCopy& copy, const Planes& light,
                                            std::size_t i) {
    const Rgb mean = color_at(copy.mean, i);
    const Rgb lit = color_at(light, i);
    return to_opponent({mean[0] - lit[0], mean[1] - lit[1], mean[2] - lit[2]});
}

/// Of all cells.
[[nodiscard]] OpponentPlanes differences(const WorkCopy& copy, const Planes& light);

/// Each plane by itself.
[[nodiscard]] OpponentPlanes smooth(const OpponentPlanes& differences);

}  // namespace editprep::imaging
