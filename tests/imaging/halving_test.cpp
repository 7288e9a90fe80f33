#include "backdrop/halving.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace editprep::imaging {
namespace {

/// Whole numbers, whose sums are exact in any order.
Plane numbered(Size size) {
    Plane plane(size);
    for (std::size_t i = 0; i < plane.count(); ++i) {
        plane[i] = static_cast<float>(i % 251);
    }
    return plane;
}

/// Cell by cell.
Plane halve_slowly(const Plane& fine) {
    Plane coarse(half(fine.size()));
    for (int y = 0; y < fine.height(); ++y) {
        for (int x = 0; x < fine.width(); ++x) {
            coarse.at(x / 2, y / 2) += fine.at(x, y);
        }
    }
    return coarse;
}

TEST(Halving, AddsTwoByTwoCells) {
    for (const Size size : {Size{1, 1}, {1, 7}, {2, 2}, {7, 1}, {8, 8}, {33, 6}, {97, 31}}) {
        const Plane fine = numbered(size);
        const Plane expected = halve_slowly(fine);
        const Plane coarse = halve(fine);
        ASSERT_EQ(coarse.size(), expected.size());
        for (std::size_t i = 0; i < coarse.count(); ++i) {
            ASSERT_EQ(coarse[i], expected[i]) << to_string(size) << ", cell " << i;
        }
    }
}

TEST(Halving, AddsToWhatIsThere) {
    const float from[] = {1, 2, 3, 4, 5};
    float to[] = {10, 20, 30};
    add_halved(from, to, 5);
    EXPECT_EQ(to[0], 13);
    EXPECT_EQ(to[1], 27);
    EXPECT_EQ(to[2], 35);
}

}  // namespace
}  // namespace editprep::imaging
