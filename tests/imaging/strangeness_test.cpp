#include "backdrop/strangeness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

const CellNoise kNoise{
    .raw = {2, 1.5F}, .smooth = {1, 0.75F}, .step = 1, .pixel = {}, .profile = 0};

/// Cells side by side, with the memory that a CellRow points to.
struct Cells {
    explicit Cells(std::size_t count) : doubt(count) {
        for (auto* values : {&calm, &mean, &light}) {
            values->fill(std::vector<float>(count));
        }
    }

    /// A cell of that colour on that light, and no different from its neighbours.
    void set(std::size_t i, const Rgb& colour, const Rgb& lit) {
        const Opponent difference =
            to_opponent({colour[0] - lit[0], colour[1] - lit[1], colour[2] - lit[2]});
        calm[0][i] = difference.luma;
        calm[1][i] = difference.red_blue;
        calm[2][i] = difference.green;
        for (std::size_t c = 0; c < 3; ++c) {
            mean[c][i] = colour[c];
            light[c][i] = lit[c];
        }
    }

    [[nodiscard]] CellRow row(std::size_t first, std::size_t count) const {
        const auto from = [first](const std::array<std::vector<float>, 3>& values) {
            return std::array<const float*, 3>{values[0].data() + first, values[1].data() + first,
                                               values[2].data() + first};
        };
        return {count, from(calm), from(mean), from(light), doubt.data() + first};
    }

    std::array<std::vector<float>, 3> calm;
    std::array<std::vector<float>, 3> mean;
    std::array<std::vector<float>, 3> light;
    std::vector<float> doubt;
};

Strangeness strangeness_of(const Rgb& colour, const Rgb& light, float doubt = 0) {
    Cells cells(1);
    cells.set(0, colour, light);
    cells.doubt[0] = doubt;
    StrangenessRow row(1);
    measure_strangeness(cells.row(0, 1), kNoise, row);
    return row[0];
}

TEST(Strangeness, NothingIsStrangeAboutTheLight) {
    const Strangeness s = strangeness_of({200, 190, 180}, {200, 190, 180});
    for (const float value : {s.of_light, s.of_shadow, s.of_shade, s.of_slight_shade, s.depth}) {
        EXPECT_FLOAT_EQ(value, 0);
    }
}

TEST(Strangeness, BrightnessAndColourCountByTheirNoise) {
    EXPECT_FLOAT_EQ(strangeness_of({205, 205, 205}, {200, 200, 200}).of_light, 5);
    EXPECT_FLOAT_EQ(strangeness_of({206, 200, 194}, {200, 200, 200}).of_light, 6 / 0.75F);
    EXPECT_LT(strangeness_of({205, 205, 205}, {200, 200, 200}, 3).of_light, 2);
}

TEST(Strangeness, AShadowIsStrangeToTheLightAlone) {
    const Strangeness shadow = strangeness_of({140, 126, 112}, {200, 180, 160});
    EXPECT_NEAR(shadow.depth, 0.3F, 1e-3F);
    EXPECT_GT(shadow.of_light, 20);
    EXPECT_LT(shadow.of_shadow, 0.1F);
    EXPECT_NEAR(shadow.of_shade, 3, 0.01F);
    EXPECT_NEAR(shadow.of_slight_shade, 6, 0.01F);
    // As dark, but of another colour; and darker than shadows are.
    EXPECT_GT(strangeness_of({110, 126, 150}, {200, 180, 160}).of_shadow, 5);
    EXPECT_GT(strangeness_of({20, 18, 16}, {200, 180, 160}).of_shadow, 10);
}

TEST(Strangeness, WhatIsBrighterIsNoShadow) {
    const Strangeness s = strangeness_of({220, 220, 220}, {200, 200, 200});
    EXPECT_LT(s.depth, 0);
    EXPECT_FLOAT_EQ(s.of_shade, s.of_light);
    EXPECT_FLOAT_EQ(s.of_slight_shade, s.of_light);
    // What the smoothed cell owes to its neighbours is none of its own.
    EXPECT_FLOAT_EQ(s.of_shadow, 10);
}

/// In double precision.
struct SlowStrangeness {
    double of_light = 0;
    double of_shadow = 0;
    double of_shade = 0;
    double of_slight_shade = 0;
    double depth = 0;
};

double units_slowly(const Spread& spread, const Opponent& difference, double doubt) {
    const double chroma = std::hypot(difference.red_blue, difference.green);
    const double of_luma = std::hypot(spread.luma, doubt);
    const double of_chroma = std::hypot(spread.chroma, std::sqrt(0.2) * doubt);
    return std::hypot(difference.luma / of_luma, chroma / of_chroma);
}

/// Case by case.
SlowStrangeness strangeness_slowly(const Cells& cells, std::size_t i) {
    const Opponent calm{cells.calm[0][i], cells.calm[1][i], cells.calm[2][i]};
    const Rgb light{cells.light[0][i], cells.light[1][i], cells.light[2][i]};
    const double doubt = cells.doubt[i];
    SlowStrangeness s;
    s.of_light = units_slowly(kNoise.smooth, calm, doubt);
    const double of_raw =
        units_slowly(kNoise.raw,
                     to_opponent({cells.mean[0][i] - light[0], cells.mean[1][i] - light[1],
                                  cells.mean[2][i] - light[2]}),
                     doubt);

    Opponent axis = to_opponent(light);
    axis.luma = std::max(8.0F, axis.luma);
    const double length = std::hypot(axis.luma, axis.red_blue, axis.green);
    s.depth = -(double{calm.luma} * axis.luma + double{calm.red_blue} * axis.red_blue +
                double{calm.green} * axis.green) /
              (length * length);
    if (s.depth <= 0) {
        s.of_shade = s.of_slight_shade = s.of_light;
        s.of_shadow = std::min(s.of_light, of_raw);
        return s;
    }
    const double beside =
        std::hypot(calm.luma + s.depth * axis.luma, calm.red_blue + s.depth * axis.red_blue,
                   calm.green + s.depth * axis.green);
    const double off = beside / (kNoise.smooth.chroma + 0.07 * s.depth * length);
    s.of_shadow = std::min({s.of_light, std::max(off, 27 * (s.depth - 0.45)), of_raw});
    s.of_shade = std::min(s.of_light, std::hypot(off, s.depth / 0.1));
    s.of_slight_shade = std::min(s.of_light, std::hypot(off, s.depth / 0.05));
    return s;
}

void expect_near(float value, double expected) {
    EXPECT_NEAR(value, expected, 1e-3 * std::max(1.0, std::abs(expected)));
}

TEST(Strangeness, OfARowIsThatOfEachCell) {
    constexpr std::size_t kCount = 77;
    std::mt19937 random(9);
    std::uniform_real_distribution<float> level(0, 255);
    Cells cells(kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
        const Rgb light{level(random), level(random), level(random)};
        cells.set(i,
                  mix(light, {level(random), level(random), level(random)},
                      static_cast<float>(i % 5) / 5),
                  light);
        cells.calm[i % 3][i] += 1;
        cells.doubt[i] = i % 4 == 0 ? level(random) / 20 : 0;
    }
    StrangenessRow row(kCount);
    measure_strangeness(cells.row(0, kCount), kNoise, row);
    for (std::size_t i = 0; i < kCount; ++i) {
        SCOPED_TRACE(i);
        const SlowStrangeness expected = strangeness_slowly(cells, i);
        expect_near(row.of_light[i], expected.of_light);
        expect_near(row.of_shadow[i], expected.of_shadow);
        expect_near(row.of_shade[i], expected.of_shade);
        expect_near(row.of_slight_shade[i], expected.of_slight_shade);
        expect_near(row.depth[i], expected.depth);
    }
}

}  // namespace
}  // namespace editprep::imaging
