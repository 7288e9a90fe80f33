#include "backdrop/islands.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace editprep::imaging {
namespace {

constexpr Size kSize{12, 10};
constexpr CellBox kWhole{0, 0, 11, 9};
constexpr int kStretch = 1;
constexpr int kOther = 7;

void fill(Grid<int>& owner, const CellBox& box, int number) {
    for (int y = box.top; y <= box.bottom; ++y) {
        for (int x = box.left; x <= box.right; ++x) {
            owner.at(x, y) = number;
        }
    }
}

/// The stretch, a block of 8 x 6 cells.
Grid<int> block() {
    Grid<int> owner(kSize);
    fill(owner, {2, 2, 9, 7}, kStretch);
    return owner;
}

TEST(Islands, ABlockHasNone) { EXPECT_TRUE(find_islands(block(), kStretch, kWhole).empty()); }

TEST(Islands, WhatIsSurroundedIsOne) {
    Grid<int> owner = block();
    fill(owner, {4, 4, 5, 5}, kOther);
    fill(owner, {7, 4, 7, 4}, 0);
    std::vector<Island> islands = find_islands(owner, kStretch, {2, 2, 9, 7});
    ASSERT_EQ(islands.size(), 2U);
    std::sort(islands[0].begin(), islands[0].end());
    EXPECT_EQ(islands[0],
              (Island{owner.index(4, 4), owner.index(5, 4), owner.index(4, 5), owner.index(5, 5)}));
    EXPECT_EQ(islands[1], Island{owner.index(7, 4)});
}

TEST(Islands, DifferentCellsBesideEachOtherAreOne) {
    Grid<int> owner = block();
    fill(owner, {4, 4, 5, 4}, kOther);
    fill(owner, {6, 4, 6, 4}, kOther + 1);
    const std::vector<Island> islands = find_islands(owner, kStretch, kWhole);
    ASSERT_EQ(islands.size(), 1U);
    EXPECT_EQ(islands[0].size(), 3U);
}

TEST(Islands, ABayIsNone) {
    Grid<int> owner = block();
    fill(owner, {4, 2, 5, 5}, kOther);
    EXPECT_TRUE(find_islands(owner, kStretch, {2, 2, 9, 7}).empty());
}

TEST(Islands, TheBorderOfThePictureSurroundsNothing) {
    Grid<int> owner(kSize, kStretch);
    fill(owner, {0, 4, 3, 5}, kOther);
    fill(owner, {6, 7, 7, 9}, kOther);
    EXPECT_TRUE(find_islands(owner, kStretch, kWhole).empty());
}

TEST(Islands, ALineHasNone) {
    Grid<int> owner(kSize);
    fill(owner, {4, 2, 4, 7}, kStretch);
    EXPECT_TRUE(find_islands(owner, kStretch, {4, 2, 4, 7}).empty());
    EXPECT_TRUE(find_islands(owner, kOther, {}).empty());
}

}  // namespace
}  // namespace editprep::imaging
