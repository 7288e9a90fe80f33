#include "backdrop/spline_surface.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace editprep::imaging {
namespace {

using Height = std::function<double(double x, double y)>;

/// One surface for each channel.
Planes sample(Size size, const std::array<Height, 3>& heights) {
    Planes planes;
    for (std::size_t c = 0; c < 3; ++c) {
        planes[c] = Plane(size);
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                planes[c].at(x, y) = static_cast<float>(heights[c](x, y));
            }
        }
    }
    return planes;
}

Planes sample(Size size, const Height& height) { return sample(size, {height, height, height}); }

double tilted(double x, double y) { return 200 - 0.5 * x + 0.25 * y; }

double bowl(double x, double y) {
    return 230 - 0.01 * (x - 40) * (x - 40) - 0.02 * (y - 30) * (y - 30) + 0.005 * x * y;
}

double largest_error(const Plane& plane, const Plane& expected) {
    double error = 0;
    for (std::size_t i = 0; i < plane.count(); ++i) {
        error = std::max<double>(error, std::abs(plane[i] - expected[i]));
    }
    return error;
}

TEST(SplineSurface, GoesThroughAPlaneWhateverItsStiffness) {
    for (const Size size : {Size{80, 60}, {7, 50}, {96, 2}, {2, 2}}) {
        const Planes values = sample(size, {tilted, [](double, double) { return 255.0; },
                                            [](double x, double) { return x; }});
        for (const double stiffness : {0.01, 0.3, 10.0}) {
            const Planes surface = SplineSurface(size, 6, stiffness).fit(values, Plane(size, 1.0F));
            for (std::size_t c = 0; c < 3; ++c) {
                EXPECT_LT(largest_error(surface[c], values[c]), 0.1)
                    << to_string(size) << ' ' << stiffness;
            }
        }
    }
}

TEST(SplineSurface, FollowsABowl) {
    const Planes values = sample({80, 60}, bowl);
    const Planes surface = SplineSurface({80, 60}, 6, 0.001).fit(values, Plane({80, 60}, 1.0F));
    EXPECT_LT(largest_error(surface[0], values[0]), 0.5);
}

TEST(SplineSurface, WhatWeighsNothingDoesNotCount) {
    const Size size{80, 60};
    Planes values = sample(size, bowl);
    const Planes truth = values;
    Plane weights(size, 1.0F);
    for (int y = 20; y < 40; ++y) {
        for (int x = 25; x < 55; ++x) {
            weights.at(x, y) = 0;
            values[0].at(x, y) = 1e6F;
        }
    }
    const Planes surface = SplineSurface(size, 6, 0.001).fit(values, weights);
    EXPECT_LT(largest_error(surface[0], truth[0]), 2);
}

TEST(SplineSurface, GoesOnStraightWhereThereIsNoData) {
    const Size size{80, 60};
    Plane weights(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < 40; ++x) {
            weights.at(x, y) = 1;
        }
    }
    const Planes values = sample(size, tilted);
    EXPECT_LT(largest_error(SplineSurface(size, 6, 0.3).fit(values, weights)[0], values[0]), 1);

    const Plane bent = SplineSurface(size, 6, 0.001).fit(sample(size, bowl), weights)[0];
    for (int x = 57; x + 2 < size.width; ++x) {
        EXPECT_NEAR(bent.at(x, 30) + bent.at(x + 2, 30), 2 * bent.at(x + 1, 30), 0.02) << x;
    }
}

TEST(SplineSurface, WithoutDataItIsFlat) {
    const Planes surface =
        SplineSurface({40, 30}, 6, 0.3).fit(sample({40, 30}, bowl), Plane({40, 30}));
    for (std::size_t i = 0; i < surface[0].count(); ++i) {
        ASSERT_NEAR(surface[0][i], 0, 1e-3);
    }
}

}  // namespace
}  // namespace editprep::imaging
