#include "backdrop/rim_and_core.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <optional>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kSize{100, 90};

/// A square object that is darker by its depth than an even backdrop.
struct Square {
    explicit Square(int half_side)
        : copy{kSize, 1, {Plane(kSize, 180), Plane(kSize, 150), Plane(kSize, 120)}},
          share(kSize),
          verdict(kSize, Verdict::object) {
        fit.light = copy.mean;
        Grid<std::uint8_t> outside(kSize, 1);
        for (int y = 45 - half_side; y < 45 + half_side; ++y) {
            for (int x = 50 - half_side; x < 50 + half_side; ++x) {
                outside.at(x, y) = 0;
                share.at(x, y) = 1;
                cells.push_back(share.index(x, y));
            }
        }
        depth = distance_to_marked(outside);
        for (const std::size_t i : cells) {
            copy.mean[1][i] -= depth[i];
        }
    }

    [[nodiscard]] std::optional<RimAndCore> look() const {
        return RimAndCore::find({copy, fit, share, verdict, depth}, cells, cells);
    }

    WorkCopy copy;
    LightFit fit;
    Plane share;
    Grid<Verdict> verdict;
    Plane depth;
    Body cells;
};

TEST(RimAndCore, TheRimIsNearTheOutlineAndTheCoreFarFromIt) {
    const Square square(30);
    const std::optional<RimAndCore> look = square.look();
    ASSERT_TRUE(look.has_value());
    EXPECT_NEAR(look->deepest(), 30, 1);
    for (const std::size_t i : look->rim()) {
        EXPECT_LT(square.depth[i], 4);
        EXPECT_GT(square.depth[i], 1);
    }
    for (const std::size_t i : look->core()) {
        EXPECT_GT(square.depth[i], 11);
    }
}

TEST(RimAndCore, LayersAndTheirColoursAreByDepth) {
    const Square square(30);
    const std::optional<RimAndCore> look = square.look();
    ASSERT_TRUE(look.has_value());
    EXPECT_NEAR(look->difference_of(look->layers()[9])[1], -10, 0.6);
    EXPECT_NEAR(look->core_light()[2], 120, 0.1);
    const float core = look->difference_of(look->core())[1];
    EXPECT_NEAR(look->distances_from_core()[4], std::abs(core + 5), 0.6);
}

TEST(RimAndCore, EightSidesShareTheRim) {
    const Square square(30);
    const std::optional<RimAndCore> look = square.look();
    ASSERT_TRUE(look.has_value());
    const RimAndCore::Sides sides = look->divide_by_side(look->rim());
    for (const Body& side : sides) {
        EXPECT_NEAR(static_cast<double>(side.size()), static_cast<double>(look->rim().size()) / 8,
                    12);
    }
}

TEST(RimAndCore, WhatIsNarrowOrMostlyPrintHasNone) {
    EXPECT_FALSE(Square(8).look().has_value());
    Square printed(30);
    for (std::size_t k = 0; k < printed.cells.size(); k += 3) {
        printed.verdict[printed.cells[k]] = Verdict::print;
    }
    EXPECT_FALSE(printed.look().has_value());
}

}  // namespace
}  // namespace editprep::imaging
