#include "backdrop/region_parting.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::cells_within;
using testing::CellScene;

constexpr Size kSize{160, 150};
constexpr Opponent kGreenish{-10, 0, 20};

/// Where the inside of the object lies; an outline of two cells is around it.
constexpr Rect inside(int width, int height) { return {40, 35, 40 + width, 35 + height}; }

/// Open but for the outline, which has a gap of so many cells in the middle of its upper side.
RegionMap with_gap(const CellScene& scene, Rect inner, int gap) {
    RegionMap map{Grid<int>(kSize, kNoRegion), {}};
    const CellVector<std::size_t> all = cells_within({0, 0, kSize.width, kSize.height}, kSize);
    map.part(all, scene.meter().tally(all));
    const int middle = (inner.left + inner.right) / 2;
    for (int y = inner.top - 2; y < inner.bottom + 2; ++y) {
        for (int x = inner.left - 2; x < inner.right + 2; ++x) {
            const bool is_inside =
                x >= inner.left && x < inner.right && y >= inner.top && y < inner.bottom;
            const bool is_gap = y < inner.top && std::abs(2 * (x - middle) + 1) < gap + 1;
            map.owner.at(x, y) = is_inside || is_gap ? 0 : kNoRegion;
        }
    }
    return map;
}

std::vector<std::size_t> part(const CellScene& scene, RegionMap& map) {
    return part_objects_behind_gaps(scene.clues(), scene.meter(), map);
}

TEST(RegionParting, WhatIsOfAnotherColourIsAnObject) {
    const Rect inner = inside(30, 30);
    CellScene scene(kSize);
    scene.paint(inner, kGreenish);
    RegionMap map = with_gap(scene, inner, 6);
    EXPECT_TRUE(part(scene, map).empty());
    ASSERT_EQ(map.regions.size(), 2U);
    EXPECT_EQ(map.owner.at(50, 50), 1);
    EXPECT_EQ(map.owner.at(5, 5), 0);
    EXPECT_TRUE(map.regions[0].is_open());
    EXPECT_GE(map.regions[1].cells, 900);
}

TEST(RegionParting, WhatLooksLikeTheBackdropStaysIt) {
    const CellScene scene(kSize);
    RegionMap map = with_gap(scene, inside(30, 30), 6);
    part(scene, map);
    EXPECT_EQ(map.regions.size(), 1U);
}

TEST(RegionParting, GapsOfAnyWidthAreLookedBehind) {
    struct Case {
        int side;
        int gap;
    };
    for (const auto& [side, gap] : {Case{12, 6}, {24, 12}, {50, 28}}) {
        const Rect inner = inside(side, side);
        CellScene scene(kSize);
        scene.paint(inner, kGreenish);
        RegionMap map = with_gap(scene, inner, gap);
        part(scene, map);
        EXPECT_EQ(map.regions.size(), 2U) << "a gap of " << gap;
    }
}

TEST(RegionParting, WhatIsMostlyGapIsOpen) {
    const Rect inner = inside(40, 10);
    CellScene scene(kSize);
    scene.paint(inner, kGreenish);
    scene.noise().profile = 1000;
    RegionMap map = with_gap(scene, inner, 32);
    part(scene, map);
    EXPECT_EQ(map.regions.size(), 1U);
}

/// As wide as a strip of shadow.
constexpr Rect kStrip = inside(7, 40);

TEST(RegionParting, AStripThatNoCrispOutlineSetsOffMayBeAShadow) {
    CellScene scene(kSize);
    scene.paint(kStrip, kGreenish);
    scene.noise().profile = 1000;
    RegionMap map = with_gap(scene, kStrip, 3);
    part(scene, map);
    EXPECT_EQ(map.regions.size(), 1U);
}

/// Darker and darker downwards, from 10 levels to so many more, and set off within three steps.
CellScene shaded(Rect inner, float deeper = 30) {
    CellScene scene(kSize);
    const auto paint = [&](int margin, float share) {
        for (int y = inner.top - margin; y < inner.bottom + margin; ++y) {
            const float depth = 10 + deeper * static_cast<float>(y - inner.top + 2) /
                                         static_cast<float>(inner.height() + 4);
            scene.paint({inner.left - margin, y, inner.right + margin, y + 1},
                        {-share * depth, 0, 0});
        }
    };
    paint(2, 0.25F);
    paint(1, 0.75F);
    paint(0, 1);
    return scene;
}

TEST(RegionParting, WhatACrispOutlineSetsOffIsAnObject) {
    for (const Rect inner : {kStrip, inside(30, 30)}) {
        const CellScene scene = shaded(inner);
        RegionMap map = with_gap(scene, inner, 3);
        EXPECT_EQ(part(scene, map), std::vector<std::size_t>{1});
        ASSERT_EQ(map.regions.size(), 2U);
        EXPECT_EQ(map.owner.at(44, 60), 1);
    }
}

/// A frame: what is within is the backdrop, and its own cells are with it.
TEST(RegionParting, AnOutlineAroundBackdropIsNoObject) {
    const Rect inner = inside(50, 50);
    const auto count_parted = [&](int width) {
        CellScene scene = shaded(inner);
        scene.paint(
            {inner.left + width, inner.top + width, inner.right - width, inner.bottom - width}, {});
        RegionMap map = with_gap(scene, inner, 3);
        return part(scene, map).size();
    };
    EXPECT_EQ(count_parted(4), 0U);
    EXPECT_EQ(count_parted(12), 1U);
}

TEST(RegionParting, AnOutlineThatNoiseHidesSetsNothingOff) {
    CellScene scene = shaded(kStrip);
    scene.noise().profile = 1000;
    RegionMap map = with_gap(scene, kStrip, 3);
    EXPECT_TRUE(part(scene, map).empty());
    EXPECT_EQ(map.regions.size(), 1U);
    EXPECT_EQ(map.owner.at(44, 60), 0);
}

/// With a gap in its upper side to the middle of which a faint edge leads.
constexpr Rect kWide = inside(72, 70);
constexpr int kWideGap = 66;

CellScene faintly_edged(bool is_faint) {
    CellScene scene = shaded(kWide, 80);
    for (int x = kWide.left - 2; is_faint && x < kWide.right - 40; ++x) {
        scene.ties().to_below.at(x, kWide.top - 2) = 0.8F;
    }
    return scene;
}

TEST(RegionParting, TheOutlineOfWhatIsWideIsFollowedToWhereItIsFaint) {
    const CellScene plain = faintly_edged(false);
    RegionMap map = with_gap(plain, kWide, kWideGap);
    EXPECT_TRUE(part(plain, map).empty());
    const CellScene scene = faintly_edged(true);
    map = with_gap(scene, kWide, kWideGap);
    EXPECT_EQ(part(scene, map), std::vector<std::size_t>{1});
    EXPECT_EQ(map.owner.at(60, 60), 1);
    // The faint edge is outline now.
    EXPECT_EQ(map.owner.at(50, kWide.top - 2), kNoRegion);
}

/// As a table has it.
TEST(RegionParting, AFaintEdgeThatLeadsAwayStaysOpen) {
    CellScene scene = faintly_edged(true);
    for (int y = kWide.top - 24; y < kWide.top; ++y) {
        scene.ties().to_right.at(kWide.left + 10, y) = 0.8F;
    }
    RegionMap map = with_gap(scene, kWide, kWideGap);
    EXPECT_EQ(part(scene, map), std::vector<std::size_t>{1});
    EXPECT_EQ(map.owner.at(kWide.left + 10, kWide.top - 2), kNoRegion);
    EXPECT_EQ(map.owner.at(kWide.left + 10, kWide.top - 12), 0);
}

TEST(RegionParting, ColourDoesNotTellWhatFaintEdgesEnclose) {
    CellScene scene = faintly_edged(true);
    scene.paint({0, 0, kSize.width, kSize.height}, {});
    scene.paint(kWide, kGreenish);
    scene.noise().profile = 1000;
    RegionMap map = with_gap(scene, kWide, kWideGap);
    part(scene, map);
    EXPECT_EQ(map.regions.size(), 1U);
}

/// So narrow around the letter that no core is left beside the gap.
TEST(RegionParting, LetteringDividesNothing) {
    const Rect inner = inside(30, 30);
    const Rect letter{45, 45, 65, 55};
    const auto count_parted = [&](const Opponent& ink) {
        CellScene scene = shaded(inner);
        RegionMap map = with_gap(scene, inner, 14);
        for (const std::size_t i : cells_within(letter, kSize)) {
            scene.paint_cell(map.owner.place(i), ink);
            map.owner[i] = kNoRegion;
        }
        return part(scene, map).size();
    };
    EXPECT_EQ(count_parted({-150, 0, 0}), 1U);
    EXPECT_EQ(count_parted({-40, 0, 0}), 0U);
}

}  // namespace
}  // namespace editprep::imaging
