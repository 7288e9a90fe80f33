#include "editprep/imaging/mask.hpp"

#include <gtest/gtest.h>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_mask;

TEST(Mask, RefusesSizesWithoutPixels) {
    EXPECT_THROW(Mask(Size{0, 1}), Error);
    EXPECT_THROW(Mask(Size{1, 0}, 255), Error);
}

TEST(SelectedBounds, FindsTheOutermostPixels) {
    EXPECT_EQ(selected_bounds(Mask(Size{9, 5}, 0)), Rect{});
    EXPECT_EQ(selected_bounds(Mask(Size{9, 5}, 1)), (Rect{0, 0, 9, 5}));
    const Mask two = make_mask(
        {20, 20}, [](int x, int y) { return (x == 3 && y == 17) || (x == 11 && y == 4) ? 1 : 0; });
    EXPECT_EQ(selected_bounds(two), (Rect{3, 4, 12, 18}));
}

TEST(CoverageFraction, CountsPartialPixelsPartially) {
    EXPECT_DOUBLE_EQ(coverage_fraction(Mask(Size{10, 10}, 255)), 1.0);
    EXPECT_DOUBLE_EQ(coverage_fraction(Mask(Size{10, 10}, 51)), 0.2);
    EXPECT_DOUBLE_EQ(coverage_fraction(Mask(Size{10, 10}, 0)), 0.0);
}

}  // namespace
}  // namespace editprep::imaging
