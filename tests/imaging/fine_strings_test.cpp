#include "backdrop/fine_strings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <functional>
#include <random>
#include <vector>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kCells{80, 60};
constexpr Rgb kPaper{220, 222, 224};
/// The object's last column.
constexpr int kObject = 20;
constexpr CellNoise kNoise{
    .raw = {2, 1}, .smooth = {1, 0.5F}, .step = 1, .pixel = {}, .profile = 0};

/// Paper beside an object, with this much less light in each cell, all of it or some channels'.
struct Scene {
    explicit Scene(const std::function<float(int x, int y)>& darkness, const Rgb& share = {1, 1, 1})
        : copy{kCells, 1, {Plane(kCells), Plane(kCells), Plane(kCells)}},
          light{Plane(kCells, kPaper[0]), Plane(kCells, kPaper[1]), Plane(kCells, kPaper[2])},
          labels(kCells, Label::backdrop) {
        for (int y = 0; y < kCells.height; ++y) {
            for (int x = 0; x < kCells.width; ++x) {
                for (std::size_t c = 0; c < 3; ++c) {
                    copy.mean[c].at(x, y) = kPaper[c] - share[c] * darkness(x, y);
                }
                if (x <= kObject) {
                    labels.at(x, y) = Label::object;
                }
            }
        }
    }

    /// Cells that are undecided afterwards.
    [[nodiscard]] int reopened(const std::vector<Point>& backdrop = {}) {
        reopen_fine_strings(copy, light, kNoise, backdrop, labels);
        int count = 0;
        for (std::size_t i = 0; i < labels.count(); ++i) {
            count += labels[i] == Label::undecided ? 1 : 0;
        }
        return count;
    }

    WorkCopy copy;
    Planes light;
    CellLabels labels;
};

float line_at_30(int x, int y, int from, int to) { return y == 30 && x >= from && x < to ? 12 : 0; }

TEST(FineStrings, FromTheObjectBecomeUndecided) {
    Scene scene([](int x, int y) { return line_at_30(x, y, 0, 60); });
    EXPECT_GT(scene.reopened(), 3 * 35);
    EXPECT_EQ(scene.labels.at(50, 30), Label::undecided);
    EXPECT_EQ(scene.labels.at(50, 31), Label::undecided);
    EXPECT_EQ(scene.labels.at(50, 35), Label::backdrop);
    EXPECT_EQ(scene.labels.at(10, 30), Label::object);
}

TEST(FineStrings, MayRunAnywhere) {
    Scene diagonal([](int x, int y) { return x - kObject == y - 20 && y >= 20 ? 12.0F : 0.0F; });
    EXPECT_GT(diagonal.reopened(), 2 * 35);
    Scene upright([](int x, int y) {
        return line_at_30(x, y, 0, 50) + (x == 50 && y >= 10 && y < 50 && y != 30 ? 12.0F : 0.0F);
    });
    EXPECT_GT(upright.reopened(), 3 * 60);
    EXPECT_EQ(upright.labels.at(50, 15), Label::undecided);
}

TEST(FineStrings, MayDifferInColourAlone) {
    // As bright as paper: green weighs as much as red and blue together.
    Scene scene([](int x, int y) { return line_at_30(x, y, 0, 60); }, {1.5F, -1.5F, 1.5F});
    EXPECT_EQ(scene.labels.at(50, 30), Label::backdrop);
    EXPECT_GT(scene.reopened(), 3 * 35);
}

TEST(FineStrings, WhatIsToldToBeBackdropStays) {
    Scene scene([](int x, int y) { return line_at_30(x, y, 0, 60); });
    EXPECT_EQ(scene.reopened({{45, 30}}), 0);
}

TEST(FineStrings, AScratchThatNothingHoldsStays) {
    Scene scene([](int x, int y) { return line_at_30(x, y, 40, 70); });
    EXPECT_EQ(scene.reopened(), 0);
}

TEST(FineStrings, AShortOneStays) {
    Scene scene([](int x, int y) { return line_at_30(x, y, 0, 28); });
    EXPECT_EQ(scene.reopened(), 0);
}

TEST(FineStrings, AShadowOfAStringStays) {
    Scene scene([](int, int y) { return 80 * std::exp(-0.5F * squared((y - 30) / 3.0F)); });
    EXPECT_EQ(scene.reopened(), 0);
}

TEST(FineStrings, NoiseStays) {
    std::mt19937 random(8);
    std::normal_distribution<float> noise(0, kNoise.raw.luma);
    Scene scene([&](int, int) { return noise(random); });
    EXPECT_EQ(scene.reopened(), 0);
}

}  // namespace
}  // namespace editprep::imaging
