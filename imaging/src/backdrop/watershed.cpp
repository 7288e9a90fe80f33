#include "backdrop/watershed.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace editprep::imaging {
namespace {

float slope_at(std::size_t cell, const OpponentPlanes& smooth) {
    float most = 0;
    smooth.luma.for_each_neighbour(
        cell, [&](std::size_t j) { most = std::max(most, difference(smooth[cell], smooth[j])); });
    return most;
}

}  // namespace

NearestRegions find_nearest(const Grid<int>& owner) {
    NearestRegions nearest{owner, Grid<std::uint32_t>(owner.size())};
    CellVector<std::size_t> front;
    for (std::size_t i = 0; i < owner.count(); ++i) {
        nearest.source[i] = static_cast<std::uint32_t>(i);
        if (owner[i] != kNoRegion) {
            front.push_back(i);
        }
    }
    nearest.owner.flood(front, [&](std::size_t i, std::size_t j) {
        if (nearest.owner[j] != kNoRegion) {
            return false;
        }
        nearest.owner[j] = nearest.owner[i];
        nearest.source[j] = nearest.source[i];
        return true;
    });
    return nearest;
}

Grid<int> flood_to_crests(const Grid<int>& owner, const OpponentPlanes& smooth) {
    constexpr std::size_t kLevels = 128;
    constexpr float kLevelsPerStep = 2;
    Grid<int> basin = owner;
    std::vector<std::vector<std::size_t>> waiting(kLevels);
    std::size_t level = 0;
    const auto reach_from = [&](std::size_t i) {
        basin.for_each_neighbour(i, [&](std::size_t j) {
            if (basin[j] == kNoRegion) {
                basin[j] = basin[i];
                const auto own = static_cast<std::size_t>(kLevelsPerStep * slope_at(j, smooth));
                waiting[std::max(level, std::min(kLevels - 1, own))].push_back(j);
            }
        });
    };
    for (std::size_t i = 0; i < owner.count(); ++i) {
        if (owner[i] != kNoRegion) {
            reach_from(i);
        }
    }
    for (; level < kLevels; ++level) {
        // Grows while it is read.
        for (std::size_t k = 0; k < waiting[level].size(); ++k) {
            reach_from(waiting[level][k]);
        }
    }
    return basin;
}

}  // namespace editprep::imaging
