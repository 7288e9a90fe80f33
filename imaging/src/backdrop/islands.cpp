#include "backdrop/islands.hpp"

#include <cstdint>
#include <utility>

namespace editprep::imaging {

std::vector<Island> find_islands(const Grid<int>& owner, int stretch, const CellBox& box) {
    const Size size{box.right - box.left + 1, box.bottom - box.top + 1};
    Grid<std::uint8_t> met(size);
    const auto cell_at = [&](std::size_t i) {
        const auto width = static_cast<std::size_t>(size.width);
        return owner.index(box.left + static_cast<int>(i % width),
                           box.top + static_cast<int>(i / width));
    };
    std::vector<std::size_t> group;
    const auto gather_from = [&](std::size_t start) {
        group.clear();
        const auto meet = [&](std::size_t i) {
            if (met[i] == 0 && owner[cell_at(i)] != stretch) {
                met[i] = 1;
                group.push_back(i);
            }
        };
        meet(start);
        for (std::size_t k = 0; k < group.size(); ++k) {
            met.for_each_neighbour(group[k], meet);
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
