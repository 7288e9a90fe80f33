#include "backdrop/cell_filters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace editprep::imaging {
namespace {

const Size kSizes[] = {{1, 1}, {1, 7}, {5, 1}, {2, 2}, {3, 8}, {17, 16}, {40, 31}};

Plane random_plane(Size size) {
    Plane plane(size);
    std::mt19937 random(3);
    std::uniform_real_distribution<float> value(-50, 200);
    for (std::size_t i = 0; i < plane.count(); ++i) {
        plane[i] = value(random);
    }
    return plane;
}

float clamped(const Plane& plane, int x, int y) {
    return plane.at(std::clamp(x, 0, plane.width() - 1), std::clamp(y, 0, plane.height() - 1));
}

TEST(CellFilters, SmoothIsTheBinomialWindow) {
    constexpr float kWeight[] = {0.25F, 0.5F, 0.25F};
    for (const Size size : kSizes) {
        const Plane plane = random_plane(size);
        const Plane calm = smooth(plane);
        ASSERT_EQ(calm.size(), size);
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                float expected = 0;
                for (int j = -1; j <= 1; ++j) {
                    for (int i = -1; i <= 1; ++i) {
                        expected += kWeight[i + 1] * kWeight[j + 1] * clamped(plane, x + i, y + j);
                    }
                }
                EXPECT_NEAR(calm.at(x, y), expected, 1e-3F) << to_string(size) << x << ' ' << y;
            }
        }
    }
}

TEST(CellFilters, SmoothLeavesAConstantAlone) {
    const Plane calm = smooth(Plane({9, 6}, 37.5F));
    for (std::size_t i = 0; i < calm.count(); ++i) {
        EXPECT_EQ(calm[i], 37.5F);
    }
}

TEST(CellFilters, LargestAndSmallestOfTheWindow) {
    for (const Size size : kSizes) {
        const Plane plane = random_plane(size);
        for (const int reach : {0, 1, 2, 3, 50}) {
            const Plane largest = largest_within(plane, reach);
            const Plane smallest = smallest_within(plane, reach);
            for (int y = 0; y < size.height; ++y) {
                for (int x = 0; x < size.width; ++x) {
                    float most = plane.at(x, y);
                    float least = most;
                    for (int j = y - reach; j <= y + reach; ++j) {
                        for (int i = x - reach; i <= x + reach; ++i) {
                            most = std::max(most, clamped(plane, i, j));
                            least = std::min(least, clamped(plane, i, j));
                        }
                    }
                    ASSERT_EQ(largest.at(x, y), most) << to_string(size) << ' ' << reach;
                    ASSERT_EQ(smallest.at(x, y), least) << to_string(size) << ' ' << reach;
                }
            }
        }
    }
}

TEST(CellFilters, UnitedBitsOfTheWindow) {
    std::mt19937 random(8);
    for (const Size size : kSizes) {
        Grid<std::uint8_t> bits(size);
        for (std::size_t i = 0; i < bits.count(); ++i) {
            bits[i] =
                random() % 4 == 0 ? static_cast<std::uint8_t>(1U << random() % 8) : std::uint8_t{0};
        }
        for (const int reach : {0, 1, 3, 50}) {
            const Grid<std::uint8_t> united = united_within(bits, reach);
            for (int y = 0; y < size.height; ++y) {
                for (int x = 0; x < size.width; ++x) {
                    int all = 0;
                    for (int j = std::max(0, y - reach); j <= std::min(size.height - 1, y + reach);
                         ++j) {
                        for (int i = std::max(0, x - reach);
                             i <= std::min(size.width - 1, x + reach); ++i) {
                            all |= bits.at(i, j);
                        }
                    }
                    ASSERT_EQ(united.at(x, y), all) << to_string(size) << ' ' << reach;
                }
            }
        }
    }
}

TEST(CellFilters, DistanceToTheNearestMark) {
    Grid<std::uint8_t> marks({9, 7});
    marks.at(2, 3) = 1;
    const Plane distance = distance_to_marked(marks);
    EXPECT_EQ(distance.at(2, 3), 0);
    EXPECT_NEAR(distance.at(6, 3), 4, 1e-4);
    EXPECT_NEAR(distance.at(2, 0), 3, 1e-4);
    EXPECT_NEAR(distance.at(4, 5), 2 * 1.4142, 1e-4);
    EXPECT_NEAR(distance.at(8, 5), 4 + 2 * 1.4142, 1e-4);
}

/// Cell by cell, from the neighbours that have had their turn.
Plane slow_distance(const Grid<std::uint8_t>& marks) {
    Plane distance(marks.size());
    for (std::size_t i = 0; i < distance.count(); ++i) {
        distance[i] = marks[i] != 0 ? 0 : 1e6F;
    }
    const auto relax = [&](int x, int y, int side) {
        for (const auto& [dx, dy, cost] : {std::tuple{side, 0, 1.0F},
                                           {0, side, 1.0F},
                                           {-1, side, 1.4142F},
                                           {1, side, 1.4142F}}) {
            if (x + dx >= 0 && x + dx < marks.width() && y + dy >= 0 && y + dy < marks.height()) {
                distance.at(x, y) = std::min(distance.at(x, y), distance.at(x + dx, y + dy) + cost);
            }
        }
    };
    for (int y = 0; y < marks.height(); ++y) {
        for (int x = 0; x < marks.width(); ++x) {
            relax(x, y, -1);
        }
    }
    for (int y = marks.height(); y-- > 0;) {
        for (int x = marks.width(); x-- > 0;) {
            relax(x, y, 1);
        }
    }
    return distance;
}

TEST(CellFilters, DistanceRowByRowIsThatCellByCell) {
    std::mt19937 random(3);
    for (const Size size : {Size{1, 1}, {1, 9}, {9, 1}, {2, 2}, {17, 5}, {61, 43}}) {
        for (const unsigned one_in : {2U, 20U, 500U}) {
            Grid<std::uint8_t> marks(size);
            for (std::size_t i = 0; i < marks.count(); ++i) {
                marks[i] = random() % one_in == 0 ? 1 : 0;
            }
            const Plane distance = distance_to_marked(marks);
            const Plane expected = slow_distance(marks);
            for (std::size_t i = 0; i < expected.count(); ++i) {
                ASSERT_EQ(distance[i], expected[i]) << to_string(size) << ' ' << i;
            }
        }
    }
}

TEST(CellFilters, NothingIsNearWithoutMarks) {
    const Plane distance = distance_to_marked(Grid<std::uint8_t>({3, 2}));
    for (std::size_t i = 0; i < distance.count(); ++i) {
        EXPECT_GE(distance[i], 1e6F);
    }
}

}  // namespace
}  // namespace editprep::imaging
