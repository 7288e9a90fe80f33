#include "backdrop/edge_profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace editprep::imaging {
namespace {

/// Dark on the left and 100 levels brighter on the right of x = 30, over so many pixels.
Image edge(Size size, int width) {
    Image picture(size, Channels::rgb);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int level = 50 + std::clamp(100 * (x + 1 - 30 + width / 2) / width, 0, 100);
            std::fill_n(picture.row(y) + 3 * x, 3, static_cast<std::uint8_t>(level));
        }
    }
    return picture;
}

/// Across (or along) the edge, half way down.
float energy_of(const Image& picture, bool along_row) {
    const WorkCopy copy = make_work_copy(picture);
    EXPECT_EQ(copy.scale, 1);
    return EdgeProfile(picture, copy).energy(std::size_t{30} * 60 + 29, along_row);
}

TEST(EdgeProfile, AHardEdgeHasItsSquaredContrast) {
    EXPECT_FLOAT_EQ(energy_of(edge({60, 60}, 1), true), 10000);
    EXPECT_FLOAT_EQ(energy_of(edge({60, 60}, 1), false), 0);
}

TEST(EdgeProfile, ABlurredEdgeHasLess) {
    EXPECT_FLOAT_EQ(energy_of(edge({60, 60}, 4), true), 4 * 25 * 25);
}

TEST(EdgeProfile, WhatIsEnoughIsNotCarriedOn) {
    const Image picture = edge({60, 60}, 4);
    const WorkCopy copy = make_work_copy(picture);
    const EdgeProfile profile(picture, copy);
    const std::size_t cell = std::size_t{30} * 60 + 29;
    EXPECT_FLOAT_EQ(profile.energy(cell, true, 600), 625);
    EXPECT_FLOAT_EQ(profile.energy(cell, true, 1000), 1250);
    EXPECT_FLOAT_EQ(profile.energy(cell, true, 1e6F), 2500);
}

TEST(EdgeProfile, StaysWithinThePicture) {
    const Image picture = edge({60, 60}, 1);
    const WorkCopy copy = make_work_copy(picture);
    const EdgeProfile profile(picture, copy);
    EXPECT_FLOAT_EQ(profile.energy(0, true), 0);
    EXPECT_FLOAT_EQ(profile.energy(60 * 60 - 1, true), 0);
    EXPECT_FLOAT_EQ(profile.energy(60 * 60 - 1, false), 0);
}

/// Of the last cells of a row or column there may be no middle.
TEST(EdgeProfile, TheLastCellsAreMeasuredWhereTheyAre) {
    const Image picture = edge({61, 61}, 1);
    const WorkCopy copy = coarser(coarser(make_work_copy(picture)));
    ASSERT_EQ(copy.scale, 4);
    const EdgeProfile profile(picture, copy);
    const auto across = static_cast<std::size_t>(copy.size().width);
    const std::size_t last = copy.mean[0].count() - 1;
    EXPECT_FLOAT_EQ(profile.energy(last, true), 0);
    EXPECT_FLOAT_EQ(profile.energy(last, false), 0);
    // Below the edge, in the last row.
    EXPECT_FLOAT_EQ(profile.energy(last - across + 1 + 7, true), 10000);
}

}  // namespace
}  // namespace editprep::imaging
