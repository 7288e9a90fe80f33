#include "backdrop/plane.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace editprep::imaging {
namespace {

constexpr Size kSize{7, 5};

std::vector<std::size_t> neighbours_of(const Grid<int>& grid, int x, int y) {
    std::vector<std::size_t> cells;
    grid.for_each_neighbour(grid.index(x, y), [&](std::size_t j) { cells.push_back(j); });
    std::sort(cells.begin(), cells.end());
    return cells;
}

TEST(Grid, NeighboursShareASide) {
    const Grid<int> grid(kSize);
    EXPECT_EQ(neighbours_of(grid, 3, 2), (std::vector{grid.index(3, 1), grid.index(2, 2),
                                                      grid.index(4, 2), grid.index(3, 3)}));
}

TEST(Grid, NeighboursDoNotWrapAround) {
    const Grid<int> grid(kSize);
    EXPECT_EQ(neighbours_of(grid, 0, 0), (std::vector{grid.index(1, 0), grid.index(0, 1)}));
    EXPECT_EQ(neighbours_of(grid, 6, 4), (std::vector{grid.index(6, 3), grid.index(5, 4)}));
    EXPECT_TRUE(neighbours_of(Grid<int>({1, 1}), 0, 0).empty());
}

/// A wall in column 3 but for its lowest cell.
Grid<std::uint8_t> wall() {
    Grid<std::uint8_t> grid(kSize);
    for (int y = 0; y + 1 < kSize.height; ++y) {
        grid.at(3, y) = 1;
    }
    return grid;
}

std::vector<std::size_t> flooded_from_corner(Grid<std::uint8_t> grid) {
    std::vector<std::size_t> cells{0};
    grid[0] = 1;
    grid.flood(cells, [&](std::size_t, std::size_t j) {
        const bool enters = grid[j] == 0;
        grid[j] = 1;
        return enters;
    });
    return cells;
}

TEST(Grid, AFloodReachesWhatHangsTogether) {
    EXPECT_EQ(flooded_from_corner(wall()).size(), 31U);
    Grid<std::uint8_t> closed = wall();
    closed.at(3, 4) = 1;
    EXPECT_EQ(flooded_from_corner(closed).size(), 15U);
}

TEST(Grid, AFloodReachesTheNearestFirst) {
    const std::vector<std::size_t> cells = flooded_from_corner(Grid<std::uint8_t>(kSize));
    const auto steps = [](std::size_t i) { return i % 7 + i / 7; };
    EXPECT_TRUE(std::is_sorted(cells.begin(), cells.end(),
                               [&](std::size_t a, std::size_t b) { return steps(a) < steps(b); }));
}

}  // namespace
}  // namespace editprep::imaging
