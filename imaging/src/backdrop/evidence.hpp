#pragma once

#include "backdrop/cell_noise.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/random_walker.hpp"
#include "backdrop/regions.hpp"

namespace editprep::imaging {

/// What every cell says of itself and how it hangs together with its neighbours.
struct Evidence {
    WalkerField field;
    CellNoise noise;
    Grid<Verdict> verdict;
};

/// @param picture RGB
/// @param threads at least 1; the result does not depend on it
[[nodiscard]] Evidence weigh_evidence(const Image& picture, const WorkCopy& copy,
                                      const LightFit& fit, const KnownCells& known, int threads);

}  // namespace editprep::imaging
