#include "backdrop/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace editprep::imaging {
namespace {

TEST(Statistics, QuantileIsTheValueOfThatRank) {
    std::mt19937 random(11);
    std::normal_distribution<float> wide(0, 300);
    std::exponential_distribution<float> narrow(4);
    for (const std::size_t count : {1U, 2U, 3U, 100U, 4095U, 4096U, 4097U, 60'000U}) {
        std::vector<float> values(count);
        for (std::size_t i = 0; i < count; ++i) {
            values[i] = i % 2 == 0 ? wide(random) : narrow(random);
        }
        std::vector<float> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        for (const double share : {0.0, 0.05, 0.5, 0.95, 1.0}) {
            const auto rank = static_cast<std::size_t>(share * static_cast<double>(count - 1));
            EXPECT_EQ(quantile(values, share), sorted[rank]) << count << " values, " << share;
        }
    }
}

TEST(Statistics, ValuesNeedNotBeKept) {
    std::mt19937 random(12);
    std::normal_distribution<float> normal(2, 40);
    for (const std::size_t count : {1U, 500U, 4095U, 4096U, 60'000U}) {
        std::vector<float> values(count);
        std::generate(values.begin(), values.end(), [&] { return normal(random); });
        std::vector<float> sizes(count);
        std::transform(values.begin(), values.end(), sizes.begin(),
                       [](float value) { return std::abs(value); });
        std::sort(sizes.begin(), sizes.end());
        EXPECT_EQ(quantile_of(count, 0.5, [&](std::size_t i) { return std::abs(values[i]); }),
                  sizes[(count - 1) / 2])
            << count << " values";
    }
}

TEST(Statistics, ManyEqualValues) {
    std::vector<float> values(10'000, 3.5F);
    values.front() = -2;
    values.back() = 1e30F;
    EXPECT_EQ(median(values), 3.5F);
    EXPECT_EQ(quantile(values, 0), -2.0F);
    EXPECT_EQ(quantile(values, 1), 1e30F);
}

TEST(Statistics, NothingIsZero) { EXPECT_EQ(median({}), 0.0F); }

}  // namespace
}  // namespace editprep::imaging
