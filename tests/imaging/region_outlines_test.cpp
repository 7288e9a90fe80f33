#include "backdrop/region_outlines.hpp"

#include <gtest/gtest.h>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::cells_within;
using testing::CellScene;

constexpr Size kSize{40, 40};
/// A square region, and the square that is nearer to it than to the backdrop around.
constexpr Rect kRegion{12, 12, 28, 28};
constexpr Rect kNearer{11, 11, 29, 29};
constexpr int kPerimeter = 4 * 18;

/// An outline of two cells around the region.
RegionMap square(const CellScene& scene, Rect region = kRegion) {
    RegionMap map{Grid<int>(kSize, kNoRegion), {}};
    const auto add = [&](Rect part) {
        const CellVector<std::size_t> cells = cells_within(part, kSize);
        map.part(cells, scene.meter().tally(cells));
    };
    add({0, 0, kSize.width, kSize.height});
    for (const std::size_t i : cells_within({10, 10, 30, 30}, kSize)) {
        map.owner[i] = kNoRegion;
    }
    add(region);
    return map;
}

Surround surround_of(const CellScene& scene, const RegionMap& map, std::size_t region) {
    const RegionOutlines outlines(find_nearest(map.owner), scene.clues());
    return outlines.surrounds(map.regions)[region];
}

OpenSide side_of(const CellScene& scene) {
    const RegionMap map = square(scene);
    const RegionOutlines outlines(find_nearest(map.owner), scene.clues());
    return outlines.open_side(outlines.surrounds(map.regions)[1]);
}

/// Darker by so much, at once.
CellScene hard_square(float darker) {
    CellScene scene(kSize);
    scene.paint(kNearer, {-darker, 0, 0});
    return scene;
}

/// Darker by so much, in three steps of a quarter, a half and a quarter.
CellScene object_square(float darker) {
    CellScene scene(kSize);
    scene.paint({10, 10, 30, 30}, {-darker / 4, 0, 0});
    scene.paint(kNearer, {-darker * 3 / 4, 0, 0});
    scene.paint(kRegion, {-darker, 0, 0});
    return scene;
}

TEST(RegionOutlines, AnOutlineLiesWhereTheNearestCellsMeet) {
    const CellScene scene = hard_square(20);
    const Surround surround = surround_of(scene, square(scene), 1);
    EXPECT_EQ(surround.length, kPerimeter);
    EXPECT_EQ(surround.to_open.length, kPerimeter);
    EXPECT_DOUBLE_EQ(side_of(scene).share, 1);
}

TEST(RegionOutlines, WhatLiesWithinAnotherRegionIsNotOpen) {
    const CellScene scene = hard_square(20);
    RegionMap map = square(scene);
    const CellVector<std::size_t> cells = cells_within({18, 18, 22, 22}, kSize);
    map.part(cells, scene.meter().tally(cells));
    EXPECT_EQ(surround_of(scene, map, 2).length, 16);
    EXPECT_EQ(surround_of(scene, map, 2).to_open.length, 0);
    EXPECT_EQ(surround_of(scene, map, 1).length, kPerimeter + 16);
    EXPECT_EQ(surround_of(scene, map, 1).to_open.length, kPerimeter);
    const RegionOutlines outlines(find_nearest(map.owner), scene.clues());
    EXPECT_DOUBLE_EQ(outlines.open_side(outlines.surrounds(map.regions)[2]).share, 0);
}

TEST(RegionOutlines, SharpIsWhatChangesInTheMiddleOfTheOutline) {
    EXPECT_NEAR(side_of(hard_square(20)).sharpness, 1, 0.1);
    EXPECT_NEAR(side_of(object_square(20)).sharpness, 0.5, 0.1);
}

TEST(RegionOutlines, SharpestIsWhatIsThinWithTheSameOnBothSides) {
    CellScene scene = hard_square(20);
    scene.paint(kRegion, {-2, 0, 0});
    EXPECT_GT(side_of(scene).sharpness, 5);
}

TEST(RegionOutlines, CrispnessIsMeasuredByTheSharpEdgesOfThePicture) {
    // Nobody can tell how sharp a picture without strong edges is.
    EXPECT_NEAR(*side_of(object_square(20)).crispness, 0.375 / 0.25, 0.05);
    EXPECT_NEAR(*side_of(object_square(40)).crispness, 1, 0.05);
    EXPECT_NEAR(*side_of(hard_square(40)).crispness, 1 / 0.45, 0.05);
}

TEST(RegionOutlines, NoiseHidesHowCrispAFaintOutlineIs) {
    EXPECT_DOUBLE_EQ(side_of(hard_square(5)).seen, 1);
    EXPECT_DOUBLE_EQ(side_of(hard_square(3)).seen, 0);
    EXPECT_FALSE(side_of(hard_square(3)).crispness);
    CellScene scene = hard_square(20);
    scene.noise().profile = 100;
    EXPECT_DOUBLE_EQ(side_of(scene).seen, 1);
    EXPECT_NEAR(side_of(scene).steepness, 0.75, 1e-3);
    scene.noise().profile = 150;
    EXPECT_DOUBLE_EQ(side_of(scene).seen, 0);
}

TEST(RegionOutlines, AFewPlacesDoNotTellHowCrispAnOutlineIs) {
    CellScene scene(kSize);
    RegionMap map = square(scene);
    for (std::size_t i = 0; i < map.owner.count(); ++i) {
        map.owner[i] = 0;
    }
    const Rect small{20, 20, 22, 22};
    scene.paint(small, {-20, 0, 0});
    for (const std::size_t i : cells_within(small, kSize)) {
        map.owner[i] = 1;
    }
    const RegionOutlines outlines(find_nearest(map.owner), scene.clues());
    const OpenSide side = outlines.open_side(outlines.surrounds(map.regions)[1]);
    EXPECT_DOUBLE_EQ(side.seen, 1);
    EXPECT_FALSE(side.crispness);
}

}  // namespace
}  // namespace editprep::imaging
