#pragma once

#include "backdrop/cell_noise.hpp"
#include "backdrop/edge_profile.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/random_walker.hpp"

namespace editprep::imaging {

/// What a cell belongs to, as far as outlines and the colours on both sides of them tell.
enum class Verdict : std::uint8_t {
    /// Nobody's outline, or a stretch too small to judge.
    unknown,
    /// Hangs together with the border of the picture without an edge between: backdrop, with its
    /// soft shadows.
    open,
    /// Set off by an edge, and different.
    object,
    /// Set off by an edge, and backdrop all the same: seen through the object, or in shadow.
    hole,
    /// Set off by an edge, and said to be backdrop whatever it looks like.
    told_backdrop,
    /// Outline between regions of the object.
    inner_edge,
    /// Outline between regions of the backdrop: something thin, or a shadow's edge.
    outer_edge,
    /// Outline between object and backdrop, within or without its strongest edge.
    object_side,
    backdrop_side,
};

/// What somebody knows better.
struct KnownCells {
    std::vector<Point> object;
    std::vector<Point> backdrop;
};

/// @param smooth the cells' differences from the light, smoothed
/// @param ties between neighbours; below a half is an edge
[[nodiscard]] Grid<Verdict> judge_regions(const OpponentPlanes& smooth, const WalkerField& ties,
                                          const LightFit& fit, const CellNoise& noise,
                                          const KnownCells& known, const EdgeProfile& profile);

}  // namespace editprep::imaging
