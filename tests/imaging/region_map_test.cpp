#include "backdrop/region_map.hpp"

#include <gtest/gtest.h>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::cells_within;
using testing::CellScene;

constexpr Size kSize{30, 20};

RegionMap regions_of(CellScene& scene) { return find_regions(scene.clues().ties, scene.meter()); }

/// An edge below cell row 9, but for a gap of so many columns, in which it is only faint.
CellScene halves(int gap, float tie = 0.4F) {
    CellScene scene(kSize);
    for (int x = 0; x < kSize.width; ++x) {
        scene.ties().to_below.at(x, 9) = x >= 10 && x < 10 + gap ? 0.6F : tie;
    }
    return scene;
}

TEST(RegionMap, WithoutAnEdgeAllIsOneRegion) {
    CellScene scene(kSize);
    const RegionMap map = regions_of(scene);
    ASSERT_EQ(map.regions.size(), 1U);
    EXPECT_EQ(map.regions[0].cells, 600);
    EXPECT_TRUE(map.regions[0].is_open());
}

TEST(RegionMap, AnEdgePartsAndIsPartOfNone) {
    CellScene scene = halves(0);
    const RegionMap map = regions_of(scene);
    ASSERT_EQ(map.regions.size(), 2U);
    EXPECT_EQ(map.owner.at(5, 7), 0);
    EXPECT_EQ(map.owner.at(5, 8), kNoRegion);
    EXPECT_EQ(map.owner.at(5, 11), kNoRegion);
    EXPECT_EQ(map.owner.at(5, 12), 1);
}

TEST(RegionMap, AFaintTieIsNoEdge) {
    CellScene scene = halves(0, 0.6F);
    EXPECT_EQ(regions_of(scene).regions.size(), 1U);
}

TEST(RegionMap, ABrushOfThreeCellsDoesNotSlipThroughAGap) {
    CellScene narrow = halves(2);
    EXPECT_EQ(regions_of(narrow).regions.size(), 2U);
    CellScene wide = halves(3);
    EXPECT_EQ(regions_of(wide).regions.size(), 1U);
}

TEST(RegionMap, WhatIsPartedIsARegionOfItsOwn) {
    CellScene scene(kSize);
    RegionMap map = regions_of(scene);
    const CellVector<std::size_t> cells = cells_within({10, 5, 20, 15}, kSize);
    map.part(cells, scene.meter().tally(cells));
    ASSERT_EQ(map.regions.size(), 2U);
    EXPECT_EQ(map.regions[1].cells, 100);
    EXPECT_EQ(map.owner.at(10, 5), 1);
    EXPECT_EQ(map.owner.at(9, 5), 0);
    EXPECT_EQ(map.open_cells().at(9, 5), 1);
    EXPECT_EQ(map.open_cells().at(10, 5), 0);
}

}  // namespace
}  // namespace editprep::imaging
