#include "backdrop/watershed.hpp"

#include <gtest/gtest.h>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::CellScene;

constexpr Size kSize{20, 6};

/// Region 0 up to column 4, region 1 from column 15 on; between them nobody's.
Grid<int> two_regions() {
    Grid<int> owner(kSize, kNoRegion);
    for (int y = 0; y < kSize.height; ++y) {
        for (int x = 0; x < kSize.width; ++x) {
            owner.at(x, y) = x <= 4 ? 0 : (x >= 15 ? 1 : kNoRegion);
        }
    }
    return owner;
}

TEST(Watershed, TheNearestRegionsMeetInTheMiddle) {
    const NearestRegions nearest = find_nearest(two_regions());
    EXPECT_EQ(nearest.owner.at(9, 3), 0);
    EXPECT_EQ(nearest.owner.at(10, 3), 1);
    EXPECT_EQ(nearest.source.at(9, 3), nearest.source.index(4, 3));
    EXPECT_EQ(nearest.source.at(10, 3), nearest.source.index(15, 3));
}

TEST(Watershed, BasinsMeetOnTheStrongestEdge) {
    CellScene scene(kSize);
    // A weak edge at column 8, a strong one at column 12.
    scene.paint({8, 0, 12, 6}, {-5, 0, 0});
    scene.paint({12, 0, 20, 6}, {-50, 0, 0});
    const Grid<int> basin = flood_to_crests(two_regions(), scene.clues().smooth);
    EXPECT_EQ(basin.at(10, 3), 0);
    EXPECT_EQ(basin.at(13, 3), 1);
}

TEST(Watershed, WithoutARegionNobodyOwnsACell) {
    const Grid<int> nobody(kSize, kNoRegion);
    EXPECT_EQ(find_nearest(nobody).owner.at(3, 3), kNoRegion);
    EXPECT_EQ(flood_to_crests(nobody, CellScene(kSize).clues().smooth).at(3, 3), kNoRegion);
}

}  // namespace
}  // namespace editprep::imaging
