#include "backdrop/islands.hpp"

#include <algorithm>
#include <cstdint>

namespace editprep::imaging {
namespace {

/// Cells from left to right and from top to bottom, the last ones included.
struct CellBox {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
};

/// The smallest that holds all of them.
CellBox box_of(const Grid<int>& owner, const CellVector<std::size_t>& cells) {
    const Point first = owner.place(cells.front());
    CellBox box{first.x, first.y, first.x, first.y};
    for (const std::size_t i : cells) {
        const Point p = owner.place(i);
        box = {std::min(box.left, p.x), std::min(box.top, p.y), std::max(box.right, p.x),
               std::max(box.bottom, p.y)};
    }
    return box;
}

}  // namespace

std::vector<Island> find_islands(const Grid<int>& owner, const CellVector<std::size_t>& cells) {
    if (cells.empty()) {
        return {};
    }
    const int stretch = owner[cells.front()];
    const CellBox box = box_of(owner, cells);
    const Size size{box.right - box.left + 1, box.bottom - box.top + 1};
    Grid<std::uint8_t> met(size);
    const auto cell_at = [&](std::size_t i) {
        const auto width = static_cast<std::size_t>(size.width);
        return owner.index(box.left + static_cast<int>(i % width),
                           box.top + static_cast<int>(i / width));
    };
    CellVector<std::size_t> group;
    const auto gather_from = [&](std::size_t start) {
        const auto meet = [&](std::size_t i) {
            const bool is_new = met[i] == 0 && owner[cell_at(i)] != stretch;
            met[i] = is_new ? 1 : met[i];
            return is_new;
        };
        group.clear();
        if (meet(start)) {
            group.push_back(start);
            met.flood(group, [&](std::size_t, std::size_t i) { return meet(i); });
        }
    };

    // What is not of the stretch at the side of its box hangs together with what
    // is around it.
    for (int y = 0; y < size.height; ++y) {
        const bool is_side = y == 0 || y == size.height - 1;
        for (int x = 0; x < size.width; x += is_side || size.width == 1 ? 1 : size.width - 1) {
            gather_from(met.index(x, y));
        }
    }
    std::vector<Island> islands;
    for (std::size_t i = 0; i < met.count(); ++i) {
        gather_from(i);
        if (!group.empty()) {
            Island& island = islands.emplace_back();
            for (const std::size_t cell : group) {
                island.push_back(cell_at(cell));
            }
        }
    }
    return islands;
}

}  // namespace editprep::imaging
