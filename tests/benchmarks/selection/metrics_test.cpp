#include "metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace editprep::benchmarks {
namespace {

using imaging::Mask;
using imaging::Size;

/// The first `columns` columns have the value, the others are 0.
Mask left_part(Size size, int columns, std::uint8_t value = 255) {
    Mask mask(size, 0);
    for (int y = 0; y < size.height; ++y) {
        std::fill_n(mask.row(y), columns, value);
    }
    return mask;
}

TEST(Score, OfTheTruthItselfIsPerfect) {
    const Mask truth = left_part({40, 30}, 17);
    const Score same = score(truth, truth);
    EXPECT_EQ(same.iou, 1);
    EXPECT_EQ(same.silhouette, 1);
    EXPECT_EQ(same.mae, 0);
    EXPECT_EQ(same.sad, 0);
    EXPECT_EQ(same.gradient, 0);
    EXPECT_EQ(same.boundary, 1);
    EXPECT_EQ(same.band_mae, 0);
    EXPECT_TRUE(same.ok(false));
    EXPECT_TRUE(same.ok(true));
}

TEST(Score, CountsOverlapAndError) {
    const Score wide = score(left_part({20, 20}, 12), left_part({20, 20}, 10));
    EXPECT_DOUBLE_EQ(wide.iou, 10.0 / 12);
    EXPECT_DOUBLE_EQ(wide.mae, 2.0 / 20);
    EXPECT_DOUBLE_EQ(wide.sad, 40.0 / 1000);
}

TEST(Score, JudgesSeeThroughThingsByTheirSilhouette) {
    const Score faint = score(left_part({20, 20}, 10, 30), left_part({20, 20}, 10, 200));
    EXPECT_EQ(faint.iou, 0);
    EXPECT_EQ(faint.silhouette, 1);
    EXPECT_NEAR(faint.mae, 170.0 / 255 / 2, 1e-12);
}

TEST(Score, SplitsCoverAtOneHalfAndAtOneTwentieth) {
    EXPECT_EQ(score(left_part({4, 4}, 2, 127), left_part({4, 4}, 2)).iou, 0);
    EXPECT_EQ(score(left_part({4, 4}, 2, 128), left_part({4, 4}, 2)).iou, 1);
    EXPECT_EQ(score(left_part({4, 4}, 2, 12), left_part({4, 4}, 2)).silhouette, 0);
    EXPECT_EQ(score(left_part({4, 4}, 2, 13), left_part({4, 4}, 2)).silhouette, 1);
}

TEST(Score, ForgivesBoundariesTwoPixelsAway) {
    const Mask truth = left_part({30, 20}, 10);
    EXPECT_EQ(score(left_part({30, 20}, 12), truth).boundary, 1);
    EXPECT_EQ(score(left_part({30, 20}, 13), truth).boundary, 0);
}

TEST(Score, BoundaryIsTheHarmonicMeanOfBothDirections) {
    // The true edge, and a second one of the same length far away: precision 1/2, recall 1.
    Mask predicted = left_part({40, 20}, 10);
    for (int y = 0; y < 20; ++y) {
        std::fill_n(predicted.row(y) + 30, 10, std::uint8_t{255});
    }
    EXPECT_NEAR(score(predicted, left_part({40, 20}, 10)).boundary, 2.0 / 3, 1e-12);
}

TEST(Score, TakesTheFrameForNoBoundary) {
    const Mask all(Size{12, 12}, 255);
    EXPECT_EQ(score(all, all).boundary, 1);
    EXPECT_EQ(score(all, left_part({12, 12}, 6)).boundary, 0);
}

TEST(Score, KnowsEmptyMasks) {
    const Mask none(Size{12, 12}, 0);
    EXPECT_EQ(score(none, none).iou, 1);
    EXPECT_EQ(score(none, none).boundary, 1);
    EXPECT_EQ(score(none, none).band_mae, 0);
    const Score missed = score(none, left_part({12, 12}, 6));
    EXPECT_EQ(missed.iou, 0);
    EXPECT_EQ(missed.boundary, 0);
    EXPECT_FALSE(missed.ok(false));
}

TEST(Score, AveragesTheBandAroundTheEdge) {
    // 100 x 100: four pixels on either side, columns 46 to 53; two of the eight are wrong.
    const Score wide = score(left_part({100, 100}, 52), left_part({100, 100}, 50));
    EXPECT_NEAR(wide.band_mae, 0.25, 1e-12);
    // Far from the edge nothing counts.
    Mask speck = left_part({100, 100}, 50);
    speck.row(50)[90] = 255;
    EXPECT_EQ(score(speck, left_part({100, 100}, 50)).band_mae, 0);
}

TEST(Score, SumsSquaredDifferencesOfGradients) {
    // Along a step the magnitude is a Gaussian, whose square has the area 1 / (2 sqrt(pi) sigma);
    // sampling it in whole pixels gives 2 % more.
    const double per_row = 1 / (2 * std::sqrt(std::numbers::pi) * 1.4);
    const Score missed = score(Mask(Size{60, 40}, 0), left_part({60, 40}, 30));
    EXPECT_NEAR(missed.gradient, 40 * per_row / 1000, 0.03 * 40 * per_row / 1000);
}

TEST(Score, IsOkOnlyWhenOverlapBandAndBoundaryAre) {
    Score good;
    good.iou = 0.97;
    good.silhouette = 0.2;
    good.band_mae = 0.10;
    good.boundary = 0.90;
    EXPECT_TRUE(good.ok(false));
    EXPECT_FALSE(good.ok(true));
    Score loose = good;
    loose.band_mae = 0.11;
    EXPECT_FALSE(loose.ok(false));
    Score ragged = good;
    ragged.boundary = 0.89;
    EXPECT_FALSE(ragged.ok(false));
    Score glass = good;
    glass.iou = 0.1;
    glass.silhouette = 0.95;
    EXPECT_TRUE(glass.ok(true));
}

}  // namespace
}  // namespace editprep::benchmarks
