#include "backdrop/pockets.hpp"

#include <algorithm>
#include <vector>

#include "backdrop/cell_filters.hpp"
#include "mask_runs.hpp"

namespace editprep::imaging {
namespace {

constexpr int kNobody = 0;
constexpr int kRest = 1;
constexpr int kFirstPocket = 2;

/// Who owns the cells of a stretch, and how many pockets are among the owners.
struct Cores {
    Grid<int> owner;
    int pockets = 0;
};

/// The cells that lie deeper than `reach`, as a mask.
Mask deeper_than(int reach, const Plane& depth) {
    Mask deep(depth.size());
    for (std::size_t i = 0; i < depth.count(); ++i) {
        deep.bytes()[i] = depth[i] > static_cast<float>(reach) ? 255 : 0;
    }
    return deep;
}

/// Numbers the parts of the stretch that are deeper than `reach`; those with an anchor are kRest.
Cores number_cores(const Plane& depth, const Grid<std::uint8_t>& anchor, int reach) {
    const std::vector<Run> runs =
        joined_runs(deeper_than(reach, depth), kSelected, Neighbours::sides);
    std::vector<int> owner_of_part(runs.size(), kNobody);
    for (const Run& run : runs) {
        const std::uint8_t* anchors = anchor.row(run.y);
        if (std::any_of(anchors + run.extent.left, anchors + run.extent.right,
                        [](std::uint8_t value) { return value != 0; })) {
            owner_of_part[run.part] = kRest;
        }
    }
    Cores cores{Grid<int>(depth.size(), kNobody), 0};
    for (const Run& run : runs) {
        int& owner = owner_of_part[run.part];
        if (owner == kNobody) {
            owner = kFirstPocket + cores.pockets++;
        }
        int* row = cores.owner.row(run.y);
        std::fill(row + run.extent.left, row + run.extent.right, owner);
    }
    return cores;
}

/// Gives every cell of the stretch to the nearest core.
void grow_cores(const Grid<std::uint8_t>& stretch, Grid<int>& owner) {
    CellVector<std::size_t> front;
    for (std::size_t i = 0; i < owner.count(); ++i) {
        if (owner[i] != kNobody) {
            front.push_back(i);
        }
    }
    owner.flood(front, [&](std::size_t i, std::size_t j) {
        const bool joins = stretch[j] != 0 && owner[j] == kNobody;
        owner[j] = joins ? owner[i] : owner[j];
        return joins;
    });
}

std::vector<Pocket> collect(const Grid<int>& owner, const Grid<std::uint8_t>& stretch) {
    std::vector<Pocket> pockets;
    for (std::size_t i = 0; i < owner.count(); ++i) {
        if (owner[i] < kFirstPocket) {
            continue;
        }
        const auto number = static_cast<std::size_t>(owner[i] - kFirstPocket);
        if (number >= pockets.size()) {
            pockets.resize(number + 1);
        }
        Pocket& pocket = pockets[number];
        pocket.cells.push_back(i);
        owner.for_each_neighbour(i, [&](std::size_t j) {
            pocket.outline += stretch[j] == 0 ? 1 : 0;
            pocket.gap += owner[j] == kRest ? 1 : 0;
        });
    }
    return pockets;
}

}  // namespace

std::vector<Pocket> find_pockets(const Grid<std::uint8_t>& stretch,
                                 const Grid<std::uint8_t>& anchor, int reach) {
    Grid<std::uint8_t> rest(stretch.size());
    for (std::size_t i = 0; i < rest.count(); ++i) {
        rest[i] = stretch[i] == 0 ? 1 : 0;
    }
    Cores cores = number_cores(distance_to_marked(rest), anchor, reach);
    if (cores.pockets == 0) {
        return {};
    }
    grow_cores(stretch, cores.owner);
    return collect(cores.owner, stretch);
}

}  // namespace editprep::imaging
