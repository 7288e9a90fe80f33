#include "backdrop/random_walker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace editprep::imaging {
namespace {

constexpr float kFaint = 1e-4F;

/// Ties as a picture has them: most are strong, some are cut.
WalkerField random_field(Size size, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> share(0, 1);
    const auto tie = [&] { return share(random) < 0.25F ? 0.01F + 0.1F * share(random) : 1.0F; };
    WalkerField field(size);
    for (std::size_t i = 0; i < field.object.count(); ++i) {
        field.object[i] = kFaint + 0.05F * share(random);
        field.backdrop[i] = 0.05F * share(random);
        field.to_right[i] = tie();
        field.to_below[i] = tie();
    }
    return field;
}

/// The same equations in double precision, relaxed until nothing moves.
std::vector<double> long_run(const WalkerField& field) {
    const int width = field.object.width();
    const int height = field.object.height();
    std::vector<double> x(field.object.count(), 0.5);
    double moved = 1;
    while (moved > 1e-9) {
        moved = 0;
        for (int row = 0; row < height; ++row) {
            for (int column = 0; column < width; ++column) {
                const std::size_t i = field.object.index(column, row);
                double sum = field.object[i];
                double weight = sum + field.backdrop[i];
                const auto pull = [&](double tie, std::size_t j) {
                    sum += tie * x[j];
                    weight += tie;
                };
                if (column > 0) {
                    pull(field.to_right[i - 1], i - 1);
                }
                if (column + 1 < width) {
                    pull(field.to_right[i], i + 1);
                }
                const auto below = static_cast<std::size_t>(width);
                if (row > 0) {
                    pull(field.to_below[i - below], i - below);
                }
                if (row + 1 < height) {
                    pull(field.to_below[i], i + below);
                }
                moved = std::max(moved, std::abs(sum / weight - x[i]));
                x[i] = sum / weight;
            }
        }
    }
    return x;
}

TEST(RandomWalker, AgreesWithTheLongRun) {
    for (const Size size : {Size{1, 1}, {2, 9}, {8, 8}, {9, 9}, {23, 17}, {64, 48}, {37, 90}}) {
        const WalkerField field = random_field(size, 5);
        const Plane solution = solve(field);
        const std::vector<double> expected = long_run(field);
        ASSERT_EQ(solution.size(), size);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            ASSERT_NEAR(solution[i], expected[i], 0.01) << to_string(size) << " cell " << i;
        }
    }
}

TEST(RandomWalker, ObjectAndBackdropAreTreatedAlike) {
    WalkerField field = random_field({31, 26}, 8);
    const Plane object = solve(field);
    std::swap(field.object, field.backdrop);
    const Plane backdrop = solve(field);
    for (std::size_t i = 0; i < object.count(); ++i) {
        ASSERT_NEAR(object[i], 1 - backdrop[i], 1e-4F);
    }
}

TEST(RandomWalker, StaysBetweenNeverAndAlways) {
    WalkerField field = random_field({50, 40}, 2);
    field.object.at(20, 20) = 100;
    field.backdrop.at(40, 10) = 100;
    const Plane solution = solve(field);
    for (std::size_t i = 0; i < solution.count(); ++i) {
        ASSERT_GE(solution[i], 0);
        ASSERT_LE(solution[i], 1);
    }
    EXPECT_GT(solution.at(20, 20), 0.95F);
    EXPECT_LT(solution.at(40, 10), 0.05F);
}

/// What an outline encloses follows its own opinion, however weak beside the ties.
TEST(RandomWalker, AnOutlineSetsApartWhatItEncloses) {
    const Size size{200, 150};
    WalkerField field(size);
    const auto inside = [](int x, int y) { return x >= 30 && x < 170 && y >= 30 && y < 120; };
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            field.object.at(x, y) = inside(x, y) ? 0.03F : kFaint;
            field.backdrop.at(x, y) = inside(x, y) ? 0 : 0.05F;
            field.to_right.at(x, y) = inside(x, y) == inside(x + 1, y) ? 1 : 1e-4F;
            field.to_below.at(x, y) = inside(x, y) == inside(x, y + 1) ? 1 : 1e-4F;
        }
    }
    const Plane solution = solve(field);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            ASSERT_EQ(solution.at(x, y) >= 0.5F, inside(x, y)) << x << ' ' << y;
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
