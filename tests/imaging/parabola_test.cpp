#include "backdrop/parabola.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace editprep::imaging {
namespace {

TEST(Parabola, GoesThroughWhatLiesOnOne) {
    std::vector<float> columns;
    std::vector<float> values;
    for (int x = 0; x < 100; x += 7) {
        columns.push_back(static_cast<float>(x));
        values.push_back(3 + 0.5F * static_cast<float>(x) - 0.01F * static_cast<float>(x * x));
    }
    const Parabola parabola(100, columns, values, std::vector<float>(columns.size(), 1));
    for (const int x : {0, 33, 99}) {
        const auto at = static_cast<float>(x);
        EXPECT_NEAR(parabola.at(x), 3 + 0.5F * at - 0.01F * at * at, 0.05F) << x;
    }
}

TEST(Parabola, WhatHasNoWeightHasNoSay) {
    const Parabola parabola(10, {0, 3, 6, 9, 5}, {2, 2, 2, 2, 900}, {1, 1, 1, 1, 0});
    EXPECT_NEAR(parabola.at(5), 2, 0.01F);
}

TEST(Parabola, FewPointsDoNotBendIt) {
    const Parabola line(10, {0, 9}, {1, 3}, {1, 1});
    EXPECT_NEAR(line.at(0), 1, 0.05F);
    EXPECT_NEAR(line.at(9), 3, 0.05F);
    EXPECT_EQ(Parabola(10, {}, {}, {}).at(4), 0);
}

}  // namespace
}  // namespace editprep::imaging
