#include "backdrop/region_map.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

/// Cells at an edge, and those beside them: a brush of three cells does not slip through the gaps
/// of an outline that is faint in places.
Grid<std::uint8_t> near_edges(const WalkerField& ties) {
    constexpr float kEdge = 0.5F;
    const Size size = ties.to_right.size();
    Grid<std::uint8_t> near(size);
    const auto mark = [&](int x, int y) {
        near.for_each_around({x, y}, [&](int i, int j) { near.at(i, j) = 1; });
    };
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (x + 1 < size.width && ties.to_right.at(x, y) < kEdge) {
                mark(x, y);
                mark(x + 1, y);
            }
            if (y + 1 < size.height && ties.to_below.at(x, y) < kEdge) {
                mark(x, y);
                mark(x, y + 1);
            }
        }
    }
    return near;
}

}  // namespace

void RegionMap::part(const CellVector<std::size_t>& cells, const RegionTally& tally) {
    const int id = static_cast<int>(regions.size());
    regions.push_back(tally);
    for (const std::size_t i : cells) {
        owner[i] = id;
    }
}

Grid<std::uint8_t> RegionMap::open_cells() const {
    Grid<std::uint8_t> open(owner.size());
    for (std::size_t i = 0; i < owner.count(); ++i) {
        const int id = owner[i];
        open[i] = id != kNoRegion && regions[static_cast<std::size_t>(id)].is_open() ? 1 : 0;
    }
    return open;
}

std::vector<CellBox> RegionMap::boxes() const {
    std::vector<CellBox> boxes(regions.size(), {owner.width(), owner.height(), -1, -1});
    for (int y = 0; y < owner.height(); ++y) {
        for (int x = 0; x < owner.width(); ++x) {
            const int id = owner.at(x, y);
            if (id != kNoRegion) {
                CellBox& box = boxes[static_cast<std::size_t>(id)];
                box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x),
                       std::max(box.bottom, y)};
            }
        }
    }
    return boxes;
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
