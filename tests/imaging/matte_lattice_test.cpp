#include "backdrop/matte_lattice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

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

Planes random_planes(Size size) {
    Planes planes;
    std::mt19937 random(5);
    std::uniform_real_distribution<float> value(-255, 255);
    for (Plane& plane : planes) {
        plane = Plane(size);
        for (std::size_t i = 0; i < plane.count(); ++i) {
            plane[i] = value(random);
        }
    }
    return planes;
}

Lattice::Rows rows_of(int count, float value) {
    Lattice::Rows rows;
    rows.fill(CellVector<float>(static_cast<std::size_t>(count), value));
    return rows;
}

/// The pixels left <= x < right of row y, and that nothing far behind them is written.
void expect_read(const Lattice& lattice, const Planes& planes, int y, int left, int right) {
    const int room = right - left + 2 * Lattice::kStep;
    Lattice::Rows nodes = rows_of(lattice.nodes().width + 1, 0);
    Lattice::Rows values = rows_of(room, kUntouched);
    lattice.read(planes, y, left, right, nodes, values);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const float* value = values[channel].data();
        for (int x = left; x < right; ++x) {
            const double expected = between_nodes(planes[channel], lattice.pitch(), x, y);
            EXPECT_NEAR(value[x - left], expected, 1e-2)
                << "pitch " << lattice.pitch() << " at " << x << ' ' << y;
            EXPECT_NEAR(lattice.read(planes[channel], x, y), expected, 1e-2);
        }
        for (int i = right - left + Lattice::kStep - 1; i < room; ++i) {
            EXPECT_EQ(value[i], kUntouched);
        }
    }
}

TEST(Lattice, ReadsBetweenItsNodes) {
    for (const Size picture : {Size{1, 1}, {1, 9}, {64, 3}, {65, 40}, {130, 17}}) {
        for (const int pitch : {1, 2, 3, 4, 10, 15, 16, 17, 20, 33}) {
            const Lattice lattice(picture, pitch);
            const Planes planes = random_planes(lattice.nodes());
            for (const int left : {0, picture.width / 3, picture.width - 1}) {
                for (int right = left + 1; right <= picture.width; right += 7) {
                    expect_read(lattice, planes, right % picture.height, left, right);
                }
            }
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
