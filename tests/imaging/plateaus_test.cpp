#include "backdrop/plateaus.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::CellScene;

constexpr Size kSize{120, 100};
constexpr Rect kCard{30, 30, 70, 70};

/// A card on the backdrop, with a shadow of its own tone at its right that falls off so much from
/// cell to cell.
CellScene card_in_shadow(float tone, float slope) {
    CellScene scene(kSize);
    for (int x = kCard.right; x < kSize.width; ++x) {
        const float shade = tone + slope * static_cast<float>(x - kCard.right + 1);
        scene.paint({x, kCard.top, x + 1, kCard.bottom}, {std::min(0.0F, shade), 0, 0});
    }
    scene.paint(kCard, {tone, 0, 0});
    return scene;
}

std::vector<Pocket> plateaus_of(const CellScene& scene,
                                const Grid<std::uint8_t>& stretch = Grid<std::uint8_t>(kSize, 1)) {
    return find_plateaus(stretch, scene.clues());
}

TEST(Plateaus, NeedNoEdgeOnAllSides) {
    const std::vector<Pocket> plateaus = plateaus_of(card_in_shadow(-40, 2));
    ASSERT_EQ(plateaus.size(), 1U);
    EXPECT_GE(plateaus[0].cells.size(), 40U * 40U);
    EXPECT_LE(plateaus[0].cells.size(), 42U * 40U);
    // Three sides, and the one at which the shadow begins.
    EXPECT_GE(plateaus[0].outline, 3 * 40);
    EXPECT_LE(plateaus[0].outline, 3 * 40 + 4);
    EXPECT_GE(plateaus[0].gap, 38);
    EXPECT_LE(plateaus[0].gap, 40);
}

TEST(Plateaus, DifferFromTheLight) {
    EXPECT_EQ(plateaus_of(card_in_shadow(-12, 2)).size(), 1U);
    EXPECT_TRUE(plateaus_of(card_in_shadow(-6, 2)).empty());
}

TEST(Plateaus, EndWhereASlopeBegins) {
    EXPECT_LE(plateaus_of(card_in_shadow(-40, 1))[0].cells.size(), 42U * 40U);
    EXPECT_GE(plateaus_of(card_in_shadow(-40, 0.5F))[0].cells.size(), 70U * 40U);
}

TEST(Plateaus, MayBeShaded) {
    CellScene scene(kSize);
    for (int y = kCard.top; y < kCard.bottom; ++y) {
        const float tone = -20 - 0.5F * static_cast<float>(y - kCard.top);
        scene.paint({kCard.left, y, kCard.right, y + 1}, {tone, 0, 0});
    }
    ASSERT_EQ(plateaus_of(scene).size(), 1U);
    EXPECT_EQ(plateaus_of(scene)[0].cells.size(), 40U * 40U);
}

TEST(Plateaus, AreLarge) {
    const auto count = [](int side) {
        CellScene scene(kSize);
        scene.paint({30, 30, 30 + side, 30 + side}, {-40, 0, 0});
        return plateaus_of(scene).size();
    };
    EXPECT_EQ(count(18), 1U);
    EXPECT_EQ(count(16), 0U);
}

TEST(Plateaus, TwoTonesAreTwo) {
    CellScene scene = card_in_shadow(-40, 40);
    scene.paint({kCard.left, kCard.top, kCard.left + 20, kCard.bottom}, {-20, 0, 0});
    EXPECT_EQ(plateaus_of(scene).size(), 2U);
}

TEST(Plateaus, LieInTheStretch) {
    Grid<std::uint8_t> stretch(kSize, 1);
    for (int y = kCard.top; y < kCard.bottom; ++y) {
        for (int x = kCard.left; x < kCard.left + 20; ++x) {
            stretch.at(x, y) = 0;
        }
    }
    const std::vector<Pocket> plateaus = plateaus_of(card_in_shadow(-40, 2), stretch);
    ASSERT_EQ(plateaus.size(), 1U);
    EXPECT_LE(plateaus[0].cells.size(), 22U * 40U);
}

TEST(Plateaus, AnOutlineHasTheLightBeyondIt) {
    CellScene scene = card_in_shadow(-40, 40);
    // As dark, in another colour, above it.
    scene.paint({kCard.left, 0, kCard.right, kCard.top}, {-20, 30, 0});
    const std::vector<Pocket> plateaus = plateaus_of(scene);
    const auto card = std::find_if(plateaus.begin(), plateaus.end(), [](const Pocket& plateau) {
        return plateau.cells.front() / kSize.width >= kCard.top;
    });
    ASSERT_NE(card, plateaus.end());
    EXPECT_EQ(card->gap, 40);
    EXPECT_EQ(card->outline, 3 * 40);
}

}  // namespace
}  // namespace editprep::imaging
