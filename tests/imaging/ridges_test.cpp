#include "backdrop/ridges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace editprep::imaging {
namespace {

Planes even_planes(Size size) { return {Plane(size), Plane(size), Plane(size)}; }

TEST(Ridges, OfAllCellsAreThoseOfEach) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> value(-4, 4);
    for (const Size size : {Size{1, 1}, {1, 20}, {6, 6}, {7, 9}, {40, 12}, {97, 31}}) {
        Planes values = even_planes(size);
        for (Plane& plane : values) {
            for (std::size_t i = 0; i < plane.count(); ++i) {
                plane[i] = value(random);
            }
        }
        for (const int reach : {1, 2}) {
            const Plane ridges = measure_ridges(values, reach);
            for (int y = 0; y < size.height; ++y) {
                for (int x = 0; x < size.width; ++x) {
                    float strongest = 0;
                    for (std::size_t k = 0; k < kRidgeDirections; ++k) {
                        strongest = std::max(strongest, ridge_at(values, x, y, reach, k));
                    }
                    ASSERT_EQ(ridges.at(x, y), strongest) << x << ", " << y;
                }
            }
        }
    }
}

TEST(Ridges, StandOutBesideLinesInEveryDirection) {
    constexpr Size kSize{21, 21};
    for (const auto& [dx, dy] : {Point{1, 0}, Point{0, 1}, Point{1, 1}, Point{1, -1}}) {
        Planes values = even_planes(kSize);
        for (int k = -8; k <= 8; ++k) {
            values[1].at(10 + k * dx, 10 + k * dy) = 2;
        }
        const Plane ridges = measure_ridges(values, 2);
        EXPECT_EQ(ridges.at(10, 10), 36) << dx << ", " << dy;
        // Two cells beside it.
        EXPECT_EQ(ridges.at(10 - 2 * dy, 10 + 2 * dx), 0) << dx << ", " << dy;
    }
}

TEST(Ridges, AreNeitherEdgesNorSlopes) {
    constexpr Size kSize{20, 20};
    Planes edge = even_planes(kSize);
    Planes slope = even_planes(kSize);
    for (int y = 0; y < kSize.height; ++y) {
        for (int x = 0; x < kSize.width; ++x) {
            edge[0].at(x, y) = x < 10 ? 0.0F : 9.0F;
            slope[0].at(x, y) = static_cast<float>(x + 2 * y);
        }
    }
    for (const Planes* values : {&edge, &slope}) {
        const Plane ridges = measure_ridges(*values, 2);
        for (std::size_t i = 0; i < ridges.count(); ++i) {
            ASSERT_EQ(ridges[i], 0) << i;
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
