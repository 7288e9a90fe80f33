#include "backdrop/region_look.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::cells_within;
using testing::CellScene;

constexpr Size kSize{30, 20};
/// A hundred cells within.
constexpr Rect kPart{10, 5, 20, 15};

RegionTally tally_of(const CellScene& scene, Rect part = kPart) {
    return scene.meter().tally(cells_within(part, kSize));
}

RegionLook look_at(const CellScene& scene) { return scene.meter().look_at(tally_of(scene)); }

TEST(RegionTally, CountsAndAverages) {
    CellScene scene(kSize);
    scene.paint({10, 5, 15, 15}, {-30, 4, 2});
    scene.paint({15, 5, 20, 15}, {-10, 0, 0});
    const RegionTally tally = tally_of(scene);
    EXPECT_EQ(tally.cells, 100);
    EXPECT_EQ(tally.border_cells, 0);
    EXPECT_FLOAT_EQ(tally.mean().luma, -20);
    EXPECT_FLOAT_EQ(tally.mean().red_blue, 2);
    EXPECT_FLOAT_EQ(tally.mean().green, 1);
    EXPECT_NEAR(tally.spread(), std::sqrt(100 + 4 + 1), 1e-3);
    EXPECT_FLOAT_EQ(tally.mean_light()[1], CellScene::kLight);
}

TEST(RegionTally, WhatTouchesTheBorderOnAFewCellsIsNotOpen) {
    RegionTally tally{.cells = 10000, .border_cells = 7};
    EXPECT_TRUE(tally.is_open());
    tally.border_cells = 4;
    EXPECT_FALSE(tally.is_open());
    EXPECT_FALSE(RegionTally{.cells = 1}.is_open());
}

TEST(RegionTally, OnlyABorderThatWasTakenForBackdropOpens) {
    CellScene scene(kSize);
    const Rect left_side{0, 5, 10, 15};
    EXPECT_EQ(tally_of(scene, left_side).border_cells, 10);
    scene.fit().border = Grid<std::uint8_t>(kSize, 0);
    EXPECT_EQ(tally_of(scene, left_side).border_cells, 0);
}

TEST(LightMeter, TellsHowManyCellsAreTheBackdropsOwn) {
    CellScene scene(kSize);
    scene.paint({10, 5, 13, 15}, {-30, 0, 0});
    const auto share = [&] { return scene.meter().equal_share(cells_within(kPart, kSize)); };
    EXPECT_DOUBLE_EQ(share(), 0.7);
    scene.fit().doubt = Plane(kSize, 20);
    EXPECT_DOUBLE_EQ(share(), 1);
}

TEST(RegionLook, IsMeasuredInDeviations) {
    CellScene scene(kSize);
    scene.noise().smooth = {.luma = 2, .chroma = 4};
    scene.paint(kPart, {0, 12, 0});
    EXPECT_FLOAT_EQ(look_at(scene).off_units, 3);
    EXPECT_FLOAT_EQ(look_at(scene).units, 3);
    EXPECT_DOUBLE_EQ(look_at(scene).strength, 6);
}

TEST(RegionLook, WhereTheLightIsDoubtedLessDiffers) {
    CellScene scene(kSize);
    scene.paint(kPart, {-10, 0, 0});
    EXPECT_FLOAT_EQ(look_at(scene).units, 10);
    scene.fit().doubt = Plane(kSize, 3);
    EXPECT_NEAR(look_at(scene).units, 10 / std::sqrt(10), 1e-4);
}

TEST(RegionLook, WhereTheLightIsDoubtedSoIsItsColour) {
    CellScene scene(kSize);
    scene.paint(kPart, {0, 8, 0});
    scene.fit().doubt = Plane(kSize, 40);
    EXPECT_NEAR(look_at(scene).off_units, 8 / std::hypot(1, 4), 1e-3);
}

TEST(RegionLook, WhatIsLikeTheLightOnAverageVariesByHowItDoes) {
    CellScene scene(kSize);
    scene.paint({10, 5, 15, 15}, {-2, 0, 0});
    scene.paint({15, 5, 20, 15}, {2, 0, 0});
    EXPECT_NEAR(look_at(scene).varied, 4, 1e-3);
}

TEST(RegionLook, AShadowHasADepthAndNothingBeside) {
    CellScene scene(kSize);
    scene.paint(kPart, {-50, 0, 0});
    const RegionLook look = look_at(scene);
    EXPECT_FLOAT_EQ(look.shadow.depth, 0.25F);
    EXPECT_NEAR(look.off_units, 0, 1e-3);
    EXPECT_NEAR(look.varied, 0, 1e-3);
}

TEST(RegionLook, VariedIsWhatIsDeeperHereThanThere) {
    CellScene scene(kSize);
    scene.paint({10, 5, 15, 15}, {-30, 0, 0});
    scene.paint({15, 5, 20, 15}, {-10, 0, 0});
    EXPECT_NEAR(look_at(scene).varied, 0.5, 1e-3);
}

TEST(RegionLook, SlightIsALittleDarkerAndHardlyBrighter) {
    CellScene scene(kSize);
    const auto is_slight = [&](float luma) {
        scene.paint(kPart, {luma, 0, 0});
        return look_at(scene).slight;
    };
    EXPECT_TRUE(is_slight(-32));
    EXPECT_FALSE(is_slight(-40));
    EXPECT_TRUE(is_slight(3.5F));
    EXPECT_FALSE(is_slight(5));
    // Within the noise nothing is brighter.
    scene.noise().smooth.luma = 2;
    EXPECT_TRUE(is_slight(5));
}

TEST(RegionLook, LitAndShadedIsWhatIsSurelyBrighterHereAndDarkerThere) {
    CellScene scene(kSize);
    scene.paint({10, 5, 20, 6}, {6, 0, 0});
    scene.paint({10, 6, 20, 7}, {-6, 0, 0});
    EXPECT_TRUE(look_at(scene).lit_and_shaded);
    scene.paint({10, 6, 20, 7}, {-4, 0, 0});
    EXPECT_FALSE(look_at(scene).lit_and_shaded);
    scene.paint({10, 6, 15, 7}, {-6, 0, 0});
    EXPECT_FALSE(look_at(scene).lit_and_shaded);
}

}  // namespace
}  // namespace editprep::imaging
