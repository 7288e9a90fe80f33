#include "backdrop/veil_inspection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kSize{120, 110};

/// What is looked at: an object where `inside` says so, this much darker than the backdrop by its
/// depth.
struct Sight {
    Sight(const std::function<bool(int x, int y)>& inside,
          const std::function<float(float depth)>& darker)
        : copy{kSize, 1, {Plane(kSize), Plane(kSize), Plane(kSize)}},
          share(kSize),
          verdict(kSize, Verdict::object) {
        Grid<std::uint8_t> outside(kSize);
        for (int y = 0; y < kSize.height; ++y) {
            for (int x = 0; x < kSize.width; ++x) {
                share.at(x, y) = inside(x, y) ? 1 : 0;
                outside.at(x, y) = inside(x, y) ? 0 : 1;
            }
        }
        depth = distance_to_marked(outside);
        for (std::size_t c = 0; c < 3; ++c) {
            fit.light[c] = Plane(kSize, 200);
            copy.mean[c] = Plane(kSize, 200);
        }
        for (std::size_t i = 0; i < share.count(); ++i) {
            if (outside[i] == 0) {
                body.push_back(i);
                for (Plane& plane : copy.mean) {
                    plane[i] -= darker(depth[i]);
                }
            }
        }
    }

    [[nodiscard]] std::optional<Veil> inspect() const { return inspect_whole(clues(), body); }

    /// Of all cells that are in it; the deep ones of even colour are its plateau.
    [[nodiscard]] std::optional<Veil> inspect_piece(
        const std::function<bool(int x, int y)>& is_of_it,
        const std::function<bool(int x, int y)>& is_other) const {
        Piece piece;
        for (const std::size_t i : body) {
            const Point at = depth.place(i);
            if (is_of_it(at.x, at.y)) {
                piece.cells.push_back(i);
                if (!is_other(at.x, at.y)) {
                    piece.plateau.push_back(i);
                }
            }
        }
        return editprep::imaging::inspect_piece(clues(), piece);
    }

    [[nodiscard]] VeilClues clues() const { return {copy, fit, share, verdict, depth}; }

    void darken(const std::function<float(int x, int y)>& by) {
        for (const std::size_t i : body) {
            const Point at = depth.place(i);
            for (Plane& plane : copy.mean) {
                plane[i] -= by(at.x, at.y);
            }
        }
    }

    WorkCopy copy;
    LightFit fit;
    Plane share;
    Grid<Verdict> verdict;
    Plane depth;
    Body body;
};

bool in_disc(int x, int y) { return std::hypot(x - 60, y - 55) < 45; }

float as_glass(float depth) { return 25 + 60 * std::exp(-depth / 4); }

TEST(VeilInspection, ARimThatFadesInwardsIsAVeil) {
    const std::optional<Veil> veil = Sight(in_disc, as_glass).inspect();
    ASSERT_TRUE(veil.has_value());
    EXPECT_NEAR(veil->difference[0], -25, 1);
    EXPECT_NEAR(veil->difference[2], -25, 1);
    // No less than black glass would cover.
    EXPECT_GT(veil->cover, 0.125F);
    EXPECT_LT(veil->cover, 0.35F);
}

/// 1 where the disc's rim looks into the light, down to -1 opposite.
float towards_light(int x, int y) {
    return static_cast<float>(x - 60) / std::max(1.0F, std::hypot(x - 60.0F, y - 55.0F));
}

/// By the depth in the disc, without what its own shape does to the light.
Sight disc_with(const std::function<float(int x, int y, float depth)>& darker) {
    Sight sight(in_disc, [](float) { return 0.0F; });
    sight.darken([&](int x, int y) { return darker(x, y, sight.depth.at(x, y)); });
    return sight;
}

float lit_rim(int x, int y, float depth) {
    return 10 + 40 * (1 - towards_light(x, y)) * std::exp(-depth / 4);
}

float half_bevel(int x, int y, float depth) {
    return 10 + 60 * std::max(0.0F, 0.3F - towards_light(x, y)) * std::exp(-depth / 4);
}

TEST(VeilInspection, AnEvenMiddleIsAWindowThoughTheRimIsLitFromOneSide) {
    const std::optional<Veil> veil = disc_with(lit_rim).inspect();
    ASSERT_TRUE(veil.has_value());
    EXPECT_NEAR(veil->difference[0], -10, 1);
    // More than is seen, as it has the backdrop's colour.
    EXPECT_GT(veil->cover, 0.2F);
}

TEST(VeilInspection, AWindowMayBeAPieceOfAnObject) {
    const auto everywhere = [](int, int) { return true; };
    const auto nowhere = [](int, int) { return false; };
    EXPECT_TRUE(disc_with(lit_rim).inspect_piece(everywhere, nowhere).has_value());
    EXPECT_FALSE(disc_with(half_bevel).inspect_piece(everywhere, nowhere).has_value());
}

TEST(VeilInspection, WithOneSideMuchBrighterThanItsMiddleItIsNoWindow) {
    const auto with_bright_end = [](int x, int y, float depth) {
        const bool is_end = y >= 55 && y - 55 < x - 60;
        return is_end ? 10 - 90 * std::exp(-depth / 4) : lit_rim(x, y, depth);
    };
    EXPECT_FALSE(disc_with(with_bright_end).inspect().has_value());
}

TEST(VeilInspection, ABevelWithABrightAndADarkSideIsNoWindow) {
    const auto bevelled = [](int x, int y, float depth) {
        return 10 + (30 - 50 * towards_light(x, y)) * std::exp(-depth / 4);
    };
    EXPECT_FALSE(disc_with(bevelled).inspect().has_value());
}

TEST(VeilInspection, ABevelThatIsDarkOnOneSideAloneIsNoWindow) {
    EXPECT_FALSE(disc_with(half_bevel).inspect().has_value());
}

TEST(VeilInspection, AMiddleThatIsShadedAsWellIsNoWindow) {
    const auto shaded = [](int x, int y, float depth) {
        return 10 + 40 * (1 - towards_light(x, y)) * std::exp(-depth / 4) +
               0.15F * static_cast<float>(60 - x);
    };
    EXPECT_FALSE(disc_with(shaded).inspect().has_value());
}

/// The middle is as much darker as soap of that colour on white.
TEST(VeilInspection, ADarkMiddleIsNoWindow) {
    const auto dark = [](int x, int y, float depth) {
        return 40 + 40 * (1 - towards_light(x, y)) * std::exp(-depth / 4);
    };
    EXPECT_FALSE(disc_with(dark).inspect().has_value());
}

/// A hole with a shadow along its rim, say.
TEST(VeilInspection, WhereNothingIsSeenNothingIsCovered) {
    const auto clear = [](int, int, float depth) { return 60 * std::exp(-depth / 4); };
    const std::optional<Veil> veil = disc_with(clear).inspect();
    ASSERT_TRUE(veil.has_value());
    EXPECT_LT(veil->cover, 0.05F);
}

TEST(VeilInspection, AnEvenObjectIsNone) {
    EXPECT_FALSE(Sight(in_disc, [](float) { return 60.0F; }).inspect().has_value());
}

TEST(VeilInspection, ANarrowObjectIsNone) {
    const auto bar = [](int x, int y) { return x > 20 && x < 100 && y > 50 && y < 60; };
    EXPECT_FALSE(Sight(bar, as_glass).inspect().has_value());
}

TEST(VeilInspection, ARimOnOneSideTellsNothingOfTheOthers) {
    const auto all_but_a_notch = [](int x, int y) { return x < 58 || x > 62 || y > 3; };
    EXPECT_FALSE(Sight(all_but_a_notch, as_glass).inspect().has_value());
}

/// So slight, and with a rim so thin, that only the outline tells of it.
std::optional<Veil> pane(float rim, Verdict verdict) {
    Sight sight(in_disc, [rim](float depth) { return depth < rim ? 60.0F : 15.0F; });
    sight.verdict = Grid<Verdict>(kSize, verdict);
    return sight.inspect();
}

TEST(VeilInspection, APaneBehindAThinRimIsAVeil) {
    const std::optional<Veil> veil = pane(4, Verdict::pane);
    ASSERT_TRUE(veil.has_value());
    EXPECT_LT(veil->cover, 0.3F);
    EXPECT_FALSE(pane(4, Verdict::object).has_value());
}

TEST(VeilInspection, ARimThatHardlyDiffersIsASharpenedStep) {
    Sight sight(in_disc, [](float depth) { return depth < 4 ? 20.0F : 15.0F; });
    sight.verdict = Grid<Verdict>(kSize, Verdict::pane);
    EXPECT_FALSE(sight.inspect().has_value());
}

std::optional<Veil> rimmed(float rim, float core) {
    Sight sight(in_disc, [=](float depth) { return depth < 4 ? rim : core; });
    sight.verdict = Grid<Verdict>(kSize, Verdict::pane);
    return sight.inspect();
}

TEST(VeilInspection, ABrightSheetWithADarkBorderIsNone) {
    EXPECT_TRUE(rimmed(60, -3).has_value());
    EXPECT_FALSE(rimmed(60, -15).has_value());
}

TEST(VeilInspection, ARimThatIsLostInNoiseIsNone) {
    EXPECT_TRUE(rimmed(8, 1).has_value());
    EXPECT_FALSE(rimmed(4, 1).has_value());
}

TEST(VeilInspection, AWideRimIsAFrame) {
    EXPECT_TRUE(pane(11, Verdict::pane).has_value());
    EXPECT_FALSE(pane(17, Verdict::pane).has_value());
}

TEST(VeilInspection, WhatIsMostlyPrintIsNone) {
    Sight sight(in_disc, as_glass);
    EXPECT_TRUE(sight.inspect().has_value());
    for (const std::size_t i : sight.body) {
        sight.verdict[i] = sight.depth[i] > 15 ? Verdict::print : Verdict::object;
    }
    EXPECT_FALSE(sight.inspect().has_value());
}

bool everywhere(int, int) { return true; }
bool nowhere(int, int) { return false; }

TEST(VeilInspection, ABodyInLightAndShadeIsNoPane) {
    Sight sight(in_disc, [](float depth) { return depth < 4 ? 60.0F : 15.0F; });
    sight.verdict = Grid<Verdict>(kSize, Verdict::pane);
    EXPECT_TRUE(sight.inspect().has_value());
    EXPECT_TRUE(sight.inspect_piece(everywhere, nowhere).has_value());
    // At one side the rim hardly differs from the backdrop.
    sight.darken([&](int x, int y) {
        const bool is_rim = sight.depth.at(x, y) < 4;
        return is_rim && x < 30 ? -50.0F : 0.0F;
    });
    EXPECT_FALSE(sight.inspect().has_value());
    EXPECT_FALSE(sight.inspect_piece(everywhere, nowhere).has_value());
}

TEST(VeilInspection, APieceFromSideToSideIsALabel) {
    Sight sight(in_disc, [](float depth) { return depth < 4 ? 60.0F : 15.0F; });
    sight.verdict = Grid<Verdict>(kSize, Verdict::pane);
    EXPECT_TRUE(sight.inspect_piece([](int, int y) { return y > 30; }, nowhere).has_value());
    EXPECT_FALSE(
        sight.inspect_piece([](int, int y) { return y > 30 && y < 75; }, nowhere).has_value());
}

TEST(VeilInspection, WhatIsInGlassHidesItNot) {
    const auto is_bead = [](int x, int y) { return x / 6 % 2 == 0 && y / 6 % 2 == 0; };
    Sight sight(in_disc, as_glass);
    sight.darken([&](int x, int y) {
        return is_bead(x, y) && std::hypot(x - 60, y - 55) < 30 ? 80.0F : 0.0F;
    });
    EXPECT_FALSE(sight.inspect_piece(everywhere, nowhere).has_value());
    EXPECT_TRUE(sight.inspect_piece(everywhere, is_bead).has_value());
}

}  // namespace
}  // namespace editprep::imaging
