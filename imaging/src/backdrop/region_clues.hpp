#pragma once

#include "backdrop/cell_noise.hpp"
#include "backdrop/edge_profile.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/random_walker.hpp"

namespace editprep::imaging {

/// What tells where regions end and how they look.
struct RegionClues {
    /// The cells' differences from the light, smoothed.
    const OpponentPlanes& smooth;
    /// Between neighbours; below a half is an edge.
    const WalkerField& ties;
    const LightFit& fit;
    const CellNoise& noise;
    const EdgeProfile& profile;
};

}  // namespace editprep::imaging
