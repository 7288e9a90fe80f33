#include "backdrop/thin_objects.hpp"

#include <gtest/gtest.h>

namespace editprep::imaging {
namespace {

constexpr Size kCells{40, 20};

/// Two objects of 100 cells that do not touch, all outline.
struct Scene {
    Scene() {
        for (int y = 0; y < 10; ++y) {
            for (int x = 0; x < 10; ++x) {
                labels.at(2 + x, 5 + y) = Label::object;
                labels.at(22 + x, 5 + y) = Label::object;
            }
        }
    }

    /// Gives so many cells of the first object to a region of it.
    void give_region(int cells) {
        for (int k = 0; k < cells; ++k) {
            verdict.at(2 + k % 10, 5 + k / 10) = Verdict::object;
        }
    }

    CellLabels labels{kCells, Label::backdrop};
    Grid<Verdict> verdict{kCells, Verdict::inner_edge};
};

TEST(ThinObjects, WhatIsOutlineAllThroughIsThin) {
    const Scene scene;
    const Grid<std::uint8_t> thin = cells_of_thin_objects(scene.labels, scene.verdict);
    EXPECT_EQ(thin.at(5, 8), 1);
    EXPECT_EQ(thin.at(25, 8), 1);
    EXPECT_EQ(thin.at(15, 8), 0);
}

TEST(ThinObjects, EachObjectIsJudgedByItself) {
    Scene scene;
    scene.give_region(30);
    const Grid<std::uint8_t> thin = cells_of_thin_objects(scene.labels, scene.verdict);
    EXPECT_EQ(thin.at(5, 8), 0);
    EXPECT_EQ(thin.at(25, 8), 1);
}

TEST(ThinObjects, AClaspDoesNotMakeAChainSolid) {
    Scene few;
    few.give_region(7);
    EXPECT_EQ(cells_of_thin_objects(few.labels, few.verdict).at(5, 8), 1);
    Scene many;
    many.give_region(8);
    EXPECT_EQ(cells_of_thin_objects(many.labels, many.verdict).at(5, 8), 0);
}

}  // namespace
}  // namespace editprep::imaging
