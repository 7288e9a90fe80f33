#include "backdrop/matte_lattice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace editprep::imaging {
namespace {

constexpr float kUntouched = -7;

/// Between the four nodes around a pixel, in double precision.
double between_nodes(const Plane& plane, int pitch, int x, int y) {
    const auto inside = [pitch](int pixel, int nodes) {
        return std::clamp((pixel + 0.5) / pitch - 0.5, 0.0, nodes - 1.0);
    };
    const double u = inside(x, plane.width());
    const double v = inside(y, plane.height());
    const int left = static_cast<int>(u);
    const int top = static_cast<int>(v);
    const int right = std::min(left + 1, plane.width() - 1);
    const int bottom = std::min(top + 1, plane.height() - 1);
    const double upper =
        plane.at(left, top) + (plane.at(right, top) - plane.at(left, top)) * (u - left);
    const double lower =
        plane.at(left, bottom) + (plane.at(right, bottom) - plane.at(left, bottom)) * (u - left);
    return upper + (lower - upper) * (v - top);
}

Plane random_plane(Size size) {
    Plane plane(size);
    std::mt19937 random(5);
    std::uniform_real_distribution<float> value(-255, 255);
    for (std::size_t i = 0; i < plane.count(); ++i) {
        plane[i] = value(random);
    }
    return plane;
}

TEST(Lattice, ReadsBetweenItsNodes) {
    for (const Size picture : {Size{1, 1}, {1, 9}, {64, 3}, {65, 40}, {130, 17}}) {
        for (const int pitch : {1, 2, 3, 4, 10, 15, 16, 17, 20, 33}) {
            const Lattice lattice(picture, pitch);
            const Plane plane = random_plane(lattice.nodes());
            std::vector<float> row(static_cast<std::size_t>(lattice.nodes().width) + 1);
            for (const int left : {0, picture.width / 3, picture.width - 1}) {
                for (int right = left + 1; right <= picture.width; right += 7) {
                    const int y = right % picture.height;
                    std::vector<float> values(
                        static_cast<std::size_t>(picture.width + Lattice::kStep), kUntouched);
                    lattice.read(plane, y, left, right, row, values.data());
                    for (int x = left; x < right; ++x) {
                        const double expected = between_nodes(plane, pitch, x, y);
                        EXPECT_NEAR(values[static_cast<std::size_t>(x - left)], expected, 1e-2)
                            << to_string(picture) << " pitch " << pitch << " at " << x << ' ' << y;
                        EXPECT_NEAR(lattice.read(plane, x, y), expected, 1e-2);
                    }
                    for (auto i = static_cast<std::size_t>(right - left + Lattice::kStep - 1);
                         i < values.size(); ++i) {
                        EXPECT_EQ(values[i], kUntouched);
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
