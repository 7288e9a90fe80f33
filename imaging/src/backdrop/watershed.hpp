#pragma once

#include <cstdint>

#include "backdrop/opponent.hpp"
#include "backdrop/region_map.hpp"

/// Whose the cells are that lie between the regions.
namespace editprep::imaging {

/// Of each cell the region that is nearest, and the region's cell that it was reached from.
struct NearestRegions {
    Grid<int> owner;
    Grid<std::uint32_t> source;
};

[[nodiscard]] NearestRegions find_nearest(const Grid<int>& owner);

/// Gives every cell of an outline to a region beside it, so that regions meet on the strongest
/// edge between them: a watershed.
/// Source: F. Meyer, "Topographic distance and watershed lines", 1994.
/// @param smooth the cells' differences from the light, smoothed
[[nodiscard]] Grid<int> flood_to_crests(const Grid<int>& owner, const OpponentPlanes& smooth);

}  // namespace editprep::imaging
