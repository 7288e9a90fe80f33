#include "backdrop/outline_verdicts.hpp"

#include <gtest/gtest.h>

#include "backdrop/region_map.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kSize{30, 9};
constexpr int kLeft = 0;
constexpr int kRight = 1;
/// From the first to the last column of the outline between two regions.
constexpr int kFirst = 10;
constexpr int kLast = 19;

/// The verdict of a cell in that column; the regions are nearest up to column 14, and the strongest
/// edge lies behind column 12.
Verdict at(int x, Verdict left, Verdict right) {
    Grid<int> own(kSize, kNoRegion);
    Grid<int> nearest(kSize, kLeft);
    Grid<int> basin(kSize, kLeft);
    for (int y = 0; y < kSize.height; ++y) {
        for (int i = 0; i < kSize.width; ++i) {
            if (i < kFirst || i > kLast) {
                own.at(i, y) = i < kFirst ? kLeft : kRight;
            }
            nearest.at(i, y) = i <= 14 ? kLeft : kRight;
            basin.at(i, y) = i <= 12 ? kLeft : kRight;
        }
    }
    return verdicts_of_cells({own, nearest, basin}, {left, right}).at(x, 4);
}

TEST(OutlineVerdicts, ARegionsCellsHaveItsOwn) {
    EXPECT_EQ(at(9, Verdict::open, Verdict::object), Verdict::open);
    EXPECT_EQ(at(20, Verdict::open, Verdict::object), Verdict::object);
}

TEST(OutlineVerdicts, BetweenObjectAndBackdropTheStrongestEdgeParts) {
    EXPECT_EQ(at(12, Verdict::open, Verdict::object), Verdict::backdrop_side);
    EXPECT_EQ(at(13, Verdict::open, Verdict::object), Verdict::object_side);
    EXPECT_EQ(at(12, Verdict::hole, Verdict::object), Verdict::backdrop_side);
    EXPECT_EQ(at(12, Verdict::told_backdrop, Verdict::object), Verdict::backdrop_side);
}

TEST(OutlineVerdicts, APaneIsTheObjects) {
    EXPECT_EQ(at(12, Verdict::open, Verdict::pane), Verdict::backdrop_side);
    EXPECT_EQ(at(13, Verdict::open, Verdict::pane), Verdict::object_side);
    EXPECT_EQ(at(14, Verdict::object, Verdict::pane), Verdict::inner_edge);
}

TEST(OutlineVerdicts, APrintIsTheObjects) {
    EXPECT_EQ(at(12, Verdict::open, Verdict::print), Verdict::backdrop_side);
    EXPECT_EQ(at(13, Verdict::open, Verdict::print), Verdict::object_side);
    EXPECT_EQ(at(14, Verdict::object, Verdict::print), Verdict::inner_edge);
}

TEST(OutlineVerdicts, BetweenAlikeOnesItIsAnEdgeOfTheirs) {
    EXPECT_EQ(at(14, Verdict::object, Verdict::object), Verdict::inner_edge);
    EXPECT_EQ(at(14, Verdict::open, Verdict::hole), Verdict::outer_edge);
    EXPECT_EQ(at(14, Verdict::open, Verdict::told_backdrop), Verdict::told_backdrop);
}

TEST(OutlineVerdicts, OnlyWhatIsNearCounts) {
    EXPECT_EQ(at(11, Verdict::open, Verdict::object), Verdict::outer_edge);
    EXPECT_EQ(at(18, Verdict::open, Verdict::object), Verdict::inner_edge);
}

TEST(OutlineVerdicts, BesideTheUnknownItIsOpenWhoseTheyAre) {
    EXPECT_EQ(at(13, Verdict::open, Verdict::unknown), Verdict::unknown);
    EXPECT_EQ(at(12, Verdict::open, Verdict::unknown), Verdict::backdrop_side);
}

}  // namespace
}  // namespace editprep::imaging
