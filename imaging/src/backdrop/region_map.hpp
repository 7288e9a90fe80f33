#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/plane.hpp"
#include "backdrop/random_walker.hpp"
#include "backdrop/region_look.hpp"

namespace editprep::imaging {

/// Of cells that are part of no region.
inline constexpr int kNoRegion = -1;

/// The picture's regions: stretches of cells without an edge in them. Between them lie outlines.
struct RegionMap {
    /// The number of the region that each cell is part of.
    Grid<int> owner;
    /// By number.
    std::vector<RegionTally> regions;

    /// Makes cells a region of their own. Those of which they were part keep their tallies: what
    /// is open is judged by its place alone.
    void part(const CellVector<std::size_t>& cells, const RegionTally& tally);

    /// Whether a cell is part of an open region.
    [[nodiscard]] bool is_open(std::size_t cell) const;
    /// 1 in the cells of open regions.
    [[nodiscard]] Grid<std::uint8_t> open_cells() const;
};

/// Regions of cells without an edge nearby.
/// @param ties between neighbours; below a half is an edge
[[nodiscard]] RegionMap find_regions(const WalkerField& ties, const LightMeter& meter);

}  // namespace editprep::imaging
