#include "backdrop/islands.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace editprep::imaging {
namespace {

constexpr Size kSize{12, 10};
constexpr int kStretch = 1;
constexpr int kOther = 7;

void fill(Grid<int>& owner, Point first, Point last, int number) {
    for (int y = first.y; y <= last.y; ++y) {
        for (int x = first.x; x <= last.x; ++x) {
            owner.at(x, y) = number;
        }
    }
}

std::vector<Island> islands_in(const Grid<int>& owner) {
    CellVector<std::size_t> cells;
    for (std::size_t i = 0; i < owner.count(); ++i) {
        if (owner[i] == kStretch) {
            cells.push_back(i);
        }
    }
    return find_islands(owner, cells);
}

/// The stretch, a block of 8 x 6 cells.
Grid<int> block() {
    Grid<int> owner(kSize);
    fill(owner, {2, 2}, {9, 7}, kStretch);
    return owner;
}

TEST(Islands, ABlockHasNone) { EXPECT_TRUE(islands_in(block()).empty()); }

TEST(Islands, WhatIsSurroundedIsOne) {
    Grid<int> owner = block();
    fill(owner, {4, 4}, {5, 5}, kOther);
    fill(owner, {7, 4}, {7, 4}, 0);
    std::vector<Island> islands = islands_in(owner);
    ASSERT_EQ(islands.size(), 2U);
    std::sort(islands[0].begin(), islands[0].end());
    EXPECT_EQ(islands[0],
              (Island{owner.index(4, 4), owner.index(5, 4), owner.index(4, 5), owner.index(5, 5)}));
    EXPECT_EQ(islands[1], Island{owner.index(7, 4)});
}

TEST(Islands, DifferentCellsBesideEachOtherAreOne) {
    Grid<int> owner = block();
    fill(owner, {4, 4}, {5, 4}, kOther);
    fill(owner, {6, 4}, {6, 4}, kOther + 1);
    const std::vector<Island> islands = islands_in(owner);
    ASSERT_EQ(islands.size(), 1U);
    EXPECT_EQ(islands[0].size(), 3U);
}

TEST(Islands, ABayIsNone) {
    Grid<int> owner = block();
    fill(owner, {4, 2}, {5, 5}, kOther);
    EXPECT_TRUE(islands_in(owner).empty());
}

TEST(Islands, TheBorderOfThePictureSurroundsNothing) {
    Grid<int> owner(kSize, kStretch);
    fill(owner, {0, 4}, {3, 5}, kOther);
    fill(owner, {6, 7}, {7, 9}, kOther);
    EXPECT_TRUE(islands_in(owner).empty());
}

TEST(Islands, ALineHasNone) {
    Grid<int> owner(kSize);
    fill(owner, {4, 2}, {4, 7}, kStretch);
    EXPECT_TRUE(islands_in(owner).empty());
    EXPECT_TRUE(islands_in(Grid<int>(kSize)).empty());
}

}  // namespace
}  // namespace editprep::imaging
