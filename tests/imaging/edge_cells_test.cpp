#include "backdrop/edge_cells.hpp"

#include <gtest/gtest.h>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::CellScene;

constexpr Size kSize{40, 20};

/// Below cell row 9 an edge up to column 9, and from there on so strong a tie.
WalkerField edge_that_goes_on(float tie) {
    CellScene scene(kSize);
    for (int x = 0; x < kSize.width; ++x) {
        scene.ties().to_below.at(x, 9) = x < 10 ? 0.1F : tie;
    }
    return scene.ties();
}

Grid<std::uint8_t> followed(const WalkerField& ties) {
    return near_faint_edges(ties, near_edges(ties));
}

TEST(EdgeCells, LieOnBothSidesOfAWeakTieAndBeside) {
    const Grid<std::uint8_t> near = near_edges(edge_that_goes_on(1));
    EXPECT_EQ(near.at(5, 7), 0);
    EXPECT_EQ(near.at(5, 8), 1);
    EXPECT_EQ(near.at(5, 11), 1);
    EXPECT_EQ(near.at(5, 12), 0);
    EXPECT_EQ(near.at(10, 9), 1);
    EXPECT_EQ(near.at(11, 9), 0);
}

TEST(EdgeCells, AnEdgeIsFollowedToWhereItIsFaint) {
    const WalkerField ties = edge_that_goes_on(0.85F);
    EXPECT_EQ(near_edges(ties).at(30, 9), 0);
    EXPECT_EQ(followed(ties).at(30, 9), 1);
    EXPECT_EQ(followed(ties).at(30, 11), 1);
    EXPECT_EQ(followed(ties).at(30, 12), 0);
}

TEST(EdgeCells, AnEdgeEndsWhereThereIsNone) {
    EXPECT_EQ(followed(edge_that_goes_on(0.95F)).at(30, 9), 0);
}

TEST(EdgeCells, AFaintEdgeByItselfIsNone) {
    CellScene scene(kSize);
    for (int x = 0; x < kSize.width; ++x) {
        scene.ties().to_below.at(x, 9) = 0.7F;
    }
    EXPECT_EQ(followed(scene.ties()).at(30, 9), 0);
}

}  // namespace
}  // namespace editprep::imaging
