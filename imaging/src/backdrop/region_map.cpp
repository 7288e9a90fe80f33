#include "backdrop/region_map.hpp"

#include <algorithm>
#include <vector>

#include "backdrop/edge_cells.hpp"

namespace editprep::imaging {

void RegionMap::part(const CellVector<std::size_t>& cells, const RegionTally& tally) {
    const int id = static_cast<int>(regions.size());
    regions.push_back(tally);
    for (const std::size_t i : cells) {
        owner[i] = id;
    }
}

bool RegionMap::is_open(std::size_t cell) const {
    const int id = owner[cell];
    return id != kNoRegion && regions[static_cast<std::size_t>(id)].is_open();
}

Grid<std::uint8_t> RegionMap::open_cells() const {
    std::vector<std::uint8_t> is_open_region(regions.size());
    std::transform(regions.begin(), regions.end(), is_open_region.begin(),
                   [](const RegionTally& region) { return region.is_open() ? 1 : 0; });
    Grid<std::uint8_t> open(owner.size());
    for (std::size_t i = 0; i < owner.count(); ++i) {
        open[i] = owner[i] == kNoRegion ? 0 : is_open_region[static_cast<std::size_t>(owner[i])];
    }
    return open;
}

RegionMap find_regions(const WalkerField& ties, const LightMeter& meter) {
    const Grid<std::uint8_t> near_edge = near_edges(ties);
    RegionMap map{Grid<int>(near_edge.size(), kNoRegion), {}};
    CellVector<std::size_t> cells;
    for (std::size_t start = 0; start < map.owner.count(); ++start) {
        if (near_edge[start] || map.owner[start] != kNoRegion) {
            continue;
        }
        const int id = static_cast<int>(map.regions.size());
        map.owner[start] = id;
        cells.assign(1, start);
        map.owner.flood(cells, [&](std::size_t, std::size_t j) {
            const bool joins = !near_edge[j] && map.owner[j] == kNoRegion;
            map.owner[j] = joins ? id : map.owner[j];
            return joins;
        });
        map.regions.push_back(meter.tally(cells));
    }
    return map;
}

}  // namespace editprep::imaging
