#include "editprep/imaging/mask_morphology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "gaussian_by_recipe.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_mask;
using testing::noise_mask;

/// The slow, obvious twin: looks at every pixel of the clipped window.
template <class Choose>
Mask window_by_brute_force(const Mask& mask, int radius, Choose choose) {
    return make_mask(mask.size(), [&](int x, int y) {
        std::uint8_t best = mask.row(y)[x];
        for (int j = std::max(0, y - radius); j <= std::min(mask.height() - 1, y + radius); ++j) {
            for (int i = std::max(0, x - radius); i <= std::min(mask.width() - 1, x + radius);
                 ++i) {
                best = choose(best, mask.row(j)[i]);
            }
        }
        return int{best};
    });
}

std::uint8_t larger(std::uint8_t a, std::uint8_t b) { return std::max(a, b); }
std::uint8_t smaller(std::uint8_t a, std::uint8_t b) { return std::min(a, b); }

Mask feather_by_recipe(const Mask& mask, double sigma) {
    Mask result = mask;
    testing::blur_by_recipe(result.row(0), result.size(), 1, sigma);
    return result;
}

/// The sizes around the tile of 64 lanes, and the degenerate ones.
const std::vector<Size> kSizes{{1, 1},   {1, 9},   {9, 1},    {2, 2},    {15, 17}, {63, 65},
                               {64, 64}, {65, 63}, {130, 40}, {40, 130}, {71, 129}};

TEST(Grow, EqualsBruteForceOnNoise) {
    for (const Size size : kSizes) {
        const Mask mask = noise_mask(size, 7);
        for (const int radius : {1, 2, 3, 7, 40}) {
            EXPECT_EQ(grow(mask, radius), window_by_brute_force(mask, radius, larger))
                << size.width << "x" << size.height << " radius " << radius;
            EXPECT_EQ(shrink(mask, radius), window_by_brute_force(mask, radius, smaller))
                << size.width << "x" << size.height << " radius " << radius;
        }
    }
}

TEST(Grow, SinglePixelBecomesASquare) {
    const Mask dot = make_mask({40, 40}, [](int x, int y) { return x == 20 && y == 10 ? 255 : 0; });
    const Mask square = grow(dot, 4);
    EXPECT_EQ(selected_bounds(square), (Rect{16, 6, 25, 15}));
    EXPECT_DOUBLE_EQ(coverage_fraction(square), 81.0 / 1600.0);
    EXPECT_EQ(shrink(square, 4), dot);
}

TEST(Grow, RadiusOfZeroOrLessDoesNothing) {
    const Mask mask = noise_mask({33, 21});
    EXPECT_EQ(grow(mask, 0), mask);
    EXPECT_EQ(shrink(mask, -5), mask);
}

TEST(Grow, RadiusBeyondThePictureFillsIt) {
    const Mask dot = make_mask({90, 70}, [](int x, int y) { return x == 89 && y == 0 ? 255 : 0; });
    EXPECT_EQ(grow(dot, std::numeric_limits<int>::max()), Mask(dot.size(), 255));
    EXPECT_EQ(shrink(grow(dot, 500), 500), Mask(dot.size(), 255));
}

TEST(Feather, EqualsTheRecipeToTheBit) {
    for (const Size size : kSizes) {
        for (const double sigma : {0.3, 1.0, 3.7, 4.0, 8.0, 24.0, 61.5}) {
            const Mask noise = noise_mask(size, 3);
            EXPECT_EQ(feather(noise, sigma), feather_by_recipe(noise, sigma))
                << size.width << "x" << size.height << " sigma " << sigma;
        }
    }
}

TEST(Feather, SkippingConstantPartsChangesNothing) {
    // A few details far apart: most lines are constant over most of their length.
    const Mask mask = make_mask({400, 300}, [](int x, int y) {
        const bool near_corner = x > 380 && y < 12;
        const bool bar = x >= 120 && x < 160 && y >= 140 && y < 150;
        return near_corner ? 200 : bar ? 255 : 40;
    });
    for (const double sigma : {2.0, 9.0}) {
        EXPECT_EQ(feather(mask, sigma), feather_by_recipe(mask, sigma)) << sigma;
    }
}

TEST(Feather, StaysWithinItsReachAndReachesIt) {
    const Mask dot = make_mask({301, 301}, [](int x, int) { return x <= 150 ? 255 : 0; });
    for (const double sigma : {1.0, 4.0, 8.0}) {
        const int reach = feather_reach(sigma);
        EXPECT_EQ(selected_bounds(feather(dot, sigma)).right <= 151 + reach, true) << sigma;
        EXPECT_GT(selected_bounds(feather(dot, sigma)).right, 151) << sigma;
    }
    EXPECT_EQ(feather_reach(4.0), 12);
    EXPECT_EQ(feather_reach(8.0), 24);
    EXPECT_EQ(feather_reach(0.0), 0);
}

TEST(Feather, ConstantMasksStay) {
    for (const int value : {0, 1, 127, 254, 255}) {
        const Mask mask(Size{70, 20}, static_cast<std::uint8_t>(value));
        EXPECT_EQ(feather(mask, 5.0), mask) << value;
    }
}

TEST(Feather, RefusesWhatIsNoSigma) {
    const Mask mask(Size{4, 4}, 0);
    for (const double sigma : {std::nan(""), 1e9, std::numeric_limits<double>::infinity()}) {
        try {
            (void)feather(mask, sigma);
            FAIL() << sigma;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_argument);
        }
    }
    EXPECT_EQ(feather(mask, -3.0), mask);
    EXPECT_EQ(feather(mask, kMaxFeatherSigma), mask);
}

TEST(Invert, IsItsOwnInverse) {
    const Mask mask = noise_mask({67, 31});
    EXPECT_EQ(invert(invert(mask)), mask);
    EXPECT_EQ(invert(Mask(Size{3, 3}, 40)), Mask(Size{3, 3}, 215));
}

}  // namespace
}  // namespace editprep::imaging
