#include "editprep/imaging/geometry.hpp"

#include <gtest/gtest.h>

namespace editprep::imaging {
namespace {

TEST(Size, AreaDoesNotOverflow) { EXPECT_EQ((Size{65'500, 65'500}).area(), 4'290'250'000); }

TEST(Rect, IsHalfOpen) {
    const Rect rect{2, 3, 5, 9};
    EXPECT_EQ(rect.size(), (Size{3, 6}));
    EXPECT_FALSE(rect.empty());
    EXPECT_TRUE((Rect{2, 3, 2, 9}).empty());
    EXPECT_TRUE((Rect{5, 3, 2, 9}).empty());
}

TEST(Intersect, GivesTheSharedPart) {
    EXPECT_EQ(intersect({0, 0, 10, 10}, {5, -3, 20, 4}), (Rect{5, 0, 10, 4}));
    EXPECT_EQ(intersect({0, 0, 10, 10}, {10, 0, 20, 10}), Rect{});
    EXPECT_EQ(intersect({0, 0, 4, 4}, bounds_of({9, 9})), (Rect{0, 0, 4, 4}));
}

TEST(Outset, GrowsOnAllSides) { EXPECT_EQ(outset({2, 3, 5, 9}, 2), (Rect{0, 1, 7, 11})); }

}  // namespace
}  // namespace editprep::imaging
