#include "backdrop/pockets.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace editprep::imaging {
namespace {

constexpr Size kSize{80, 60};
constexpr int kLeft = 20;
constexpr int kTop = 15;
constexpr int kSide = 30;

/// All cells but a square outline of two cells with a gap in the middle of its upper side.
Grid<std::uint8_t> around_square(int gap) {
    Grid<std::uint8_t> stretch(kSize, 1);
    const int middle = kLeft + kSide / 2;
    for (int y = kTop; y < kTop + kSide; ++y) {
        for (int x = kLeft; x < kLeft + kSide; ++x) {
            const bool inside =
                x >= kLeft + 2 && x < kLeft + kSide - 2 && y >= kTop + 2 && y < kTop + kSide - 2;
            const bool in_gap = y < kTop + 2 && std::abs(2 * (x - middle) + 1) < gap + 1;
            stretch.at(x, y) = inside || in_gap ? 1 : 0;
        }
    }
    return stretch;
}

Grid<std::uint8_t> top_left_corner() {
    Grid<std::uint8_t> anchor(kSize);
    anchor.at(0, 0) = 1;
    return anchor;
}

TEST(Pockets, ANarrowGapOpensAPocket) {
    const std::vector<Pocket> pockets = find_pockets(around_square(8), top_left_corner(), 4);
    ASSERT_EQ(pockets.size(), 1U);
    // The inside, and a part of the gap.
    EXPECT_GE(pockets[0].cells.size(), 26U * 26U);
    EXPECT_LE(pockets[0].cells.size(), 26U * 26U + 16U);
    EXPECT_GE(pockets[0].gap, 8);
    EXPECT_LE(pockets[0].gap, 10);
    EXPECT_GE(pockets[0].outline, 4 * 26 - 8);
    EXPECT_LE(pockets[0].outline, 4 * 26 - 4);
}

TEST(Pockets, WhereTwoPocketsMeetIsNeitherGapNorOutline) {
    Grid<std::uint8_t> stretch = around_square(8);
    // A wall in the middle, which has a gap, too.
    for (int y = kTop; y < kTop + kSide; ++y) {
        for (int x = kLeft; x < kLeft + kSide; ++x) {
            const int row = y - kTop - kSide / 2;
            stretch.at(x, y) =
                row == 0 && std::abs(x - kLeft - kSide / 2) > 3 ? 0 : stretch.at(x, y);
        }
    }
    const std::vector<Pocket> pockets = find_pockets(stretch, top_left_corner(), 4);
    ASSERT_EQ(pockets.size(), 2U);
    EXPECT_GE(pockets[0].gap, 8);
    EXPECT_LE(pockets[0].gap, 10);
    EXPECT_EQ(pockets[1].gap, 0);
}

TEST(Pockets, AWideGapDoesNot) {
    EXPECT_TRUE(find_pockets(around_square(10), top_left_corner(), 4).empty());
    EXPECT_EQ(find_pockets(around_square(10), top_left_corner(), 5).size(), 1U);
}

TEST(Pockets, WhatIsAnchoredIsTheRest) {
    Grid<std::uint8_t> anchor = top_left_corner();
    anchor.at(kLeft + kSide / 2, kTop + kSide / 2) = 1;
    EXPECT_TRUE(find_pockets(around_square(8), anchor, 4).empty());
}

TEST(Pockets, WhatIsNarrowerThanTheGapsIsPartOfNone) {
    EXPECT_TRUE(find_pockets(around_square(8), top_left_corner(), 13).empty());
}

TEST(Pockets, NothingHasNone) {
    const Grid<std::uint8_t> nothing(kSize);
    EXPECT_TRUE(find_pockets(nothing, nothing, 4).empty());
}

}  // namespace
}  // namespace editprep::imaging
