#include "backdrop/pockets.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

/// Steps to the nearest cell outside the stretch, along rows, columns and diagonals.
Grid<std::uint8_t> depth_in(const Grid<std::uint8_t>& stretch) {
    constexpr int kDeepest = 255;
    const int width = stretch.width();
    const int height = stretch.height();
    Grid<std::uint8_t> depth(stretch.size());
    const auto relax = [&](int x, int y, int direction) {
        if (stretch.at(x, y) == 0) {
            return;
        }
        int least = std::min(kDeepest, depth.at(x, y) == 0 ? kDeepest : int{depth.at(x, y)});
        const int behind = y - direction;
        if (behind >= 0 && behind < height) {
            const std::uint8_t* row = depth.row(behind);
            for (int i = std::max(0, x - 1); i <= std::min(width - 1, x + 1); ++i) {
                least = std::min(least, row[i] + 1);
            }
        }
        const int beside = x - direction;
        if (beside >= 0 && beside < width) {
            least = std::min(least, depth.at(beside, y) + 1);
        }
        depth.at(x, y) = static_cast<std::uint8_t>(least);
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            relax(x, y, 1);
        }
    }
    for (int y = height; y-- > 0;) {
        for (int x = width; x-- > 0;) {
            relax(x, y, -1);
        }
    }
    return depth;
}

constexpr int kNobody = 0;
constexpr int kRest = 1;
constexpr int kFirstPocket = 2;

/// Numbers the parts of the stretch that are deeper than `reach`; those with an anchor are kRest.
Grid<int> number_cores(const Grid<std::uint8_t>& depth, const Grid<std::uint8_t>& anchor,
                       int reach) {
    Grid<int> owner(depth.size(), kNobody);
    std::vector<std::size_t> core;
    int next = kFirstPocket;
    for (std::size_t start = 0; start < depth.count(); ++start) {
        if (depth[start] <= reach || owner[start] != kNobody) {
            continue;
        }
        bool anchored = false;
        core.assign(1, start);
        owner[start] = next;
        for (std::size_t k = 0; k < core.size(); ++k) {
            anchored |= anchor[core[k]] != 0;
            owner.for_each_neighbour(core[k], [&](std::size_t j) {
                if (depth[j] > reach && owner[j] == kNobody) {
                    owner[j] = next;
                    core.push_back(j);
                }
            });
        }
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
    for (std::size_t k = 0; k < front.size(); ++k) {
        owner.for_each_neighbour(front[k], [&](std::size_t j) {
            if (stretch[j] != 0 && owner[j] == kNobody) {
                owner[j] = owner[front[k]];
                front.push_back(j);
            }
        });
    }
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
    Grid<int> owner = number_cores(depth_in(stretch), anchor, reach);
    grow_cores(stretch, owner);
    return collect(owner, stretch);
}

}  // namespace editprep::imaging
