#include "backdrop/pockets.hpp"

#include <algorithm>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

constexpr int kNobody = 0;
constexpr int kRest = 1;
constexpr int kFirstPocket = 2;

/// Numbers the parts of the stretch that are deeper than `reach`; those with an anchor are kRest.
Grid<int> number_cores(const Plane& depth, const Grid<std::uint8_t>& anchor, int reach) {
    const auto shallow = static_cast<float>(reach);
    Grid<int> owner(depth.size(), kNobody);
    std::vector<std::size_t> core;
    int next = kFirstPocket;
    for (std::size_t start = 0; start < depth.count(); ++start) {
        if (depth[start] <= shallow || owner[start] != kNobody) {
            continue;
        }
        core.assign(1, start);
        owner[start] = next;
        owner.flood(core, [&](std::size_t, std::size_t j) {
            const bool joins = depth[j] > shallow && owner[j] == kNobody;
            owner[j] = joins ? next : owner[j];
            return joins;
        });
        const bool anchored =
            std::any_of(core.begin(), core.end(), [&](std::size_t i) { return anchor[i] != 0; });
        if (anchored) {
            for (const std::size_t i : core) {
                owner[i] = kRest;
            }
        } else {
            ++next;
        }
    }
    return owner;
}

/// Gives every cell of the stretch to the nearest core.
void grow_cores(const Grid<std::uint8_t>& stretch, Grid<int>& owner) {
    std::vector<std::size_t> front;
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
            pocket.gap += stretch[j] != 0 && owner[j] != owner[i] ? 1 : 0;
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
    Grid<int> owner = number_cores(distance_to_marked(rest), anchor, reach);
    grow_cores(stretch, owner);
    return collect(owner, stretch);
}

}  // namespace editprep::imaging
