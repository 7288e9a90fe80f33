#include "backdrop/framed_panes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kSize{120, 110};

/// How much darker than the backdrop a cell is, by its depth in a disc.
using Shade = std::function<float(float depth)>;

std::optional<FramedPane> inspect(const Shade& darker, float object_share = 1) {
    WorkCopy copy{kSize, 1, {Plane(kSize, 200), Plane(kSize, 200), Plane(kSize, 200)}};
    LightFit fit;
    fit.light = copy.mean;
    Plane share(kSize);
    Grid<std::uint8_t> outside(kSize, 1);
    Piece piece;
    for (std::size_t i = 0; i < share.count(); ++i) {
        const Point at = share.place(i);
        if (std::hypot(at.x - 60, at.y - 55) < 45) {
            share[i] = object_share;
            outside[i] = 0;
            piece.cells.push_back(i);
        }
    }
    piece.plateau = piece.cells;
    const Plane depth = distance_to_marked(outside);
    for (const std::size_t i : piece.cells) {
        for (Plane& plane : copy.mean) {
            plane[i] -= darker(depth[i]);
        }
    }
    const Grid<Verdict> verdict(kSize, Verdict::object);
    return inspect_pane({copy, fit, share, verdict, depth}, piece);
}

Shade framed(float frame, float face) {
    return [=](float depth) { return depth < 5 ? frame : face; };
}

TEST(FramedPanes, AnEvenFaceBehindAThinFrameIsAPane) {
    const std::optional<FramedPane> pane = inspect(framed(110, 20));
    ASSERT_TRUE(pane.has_value());
    EXPECT_NEAR(pane->difference[1], -20, 0.5);
    EXPECT_NEAR(pane->light[1], 200, 0.5);
    EXPECT_NEAR(pane->frame, 90 * std::sqrt(3.0), 2);
    EXPECT_NEAR(pane->depth, 45, 1);
    EXPECT_EQ(pane->middle, (Point{60, 55}));
    EXPECT_TRUE(pane->is_evenly_framed);
    EXPECT_FALSE(pane->is_hole);
}

TEST(FramedPanes, BackdropIsAHole) {
    const std::optional<FramedPane> hole = inspect([](float) { return 0.0F; }, 0.2F);
    ASSERT_TRUE(hole.has_value());
    EXPECT_TRUE(hole->is_hole);
    EXPECT_NEAR(hole->depth, 45, 1);
    EXPECT_EQ(hole->middle, (Point{60, 55}));
}

TEST(FramedPanes, AFrameMayBeNearerToTheBackdropThanItsFace) {
    EXPECT_TRUE(inspect(framed(30, 80)).has_value());
}

TEST(FramedPanes, WithoutAFrameThereIsNone) { EXPECT_FALSE(inspect(framed(25, 20)).has_value()); }

TEST(FramedPanes, AWideFrameIsNone) {
    EXPECT_FALSE(inspect([](float depth) { return depth < 14 ? 110.0F : 20.0F; }).has_value());
}

TEST(FramedPanes, AFrameThatGoesOverIntoTheFaceIsShade) {
    EXPECT_FALSE(inspect([](float depth) { return 20 + 90 * std::exp(-depth / 4); }).has_value());
}

TEST(FramedPanes, AnUnevenFaceIsNone) {
    EXPECT_FALSE(
        inspect([](float depth) { return depth < 5 ? 110.0F : 1.5F * depth; }).has_value());
}

TEST(FramedPanes, ABlownOutFaceIsNone) {
    EXPECT_TRUE(inspect(framed(110, -30)).has_value());
    EXPECT_FALSE(inspect(framed(110, -52)).has_value());
}

FramedPane pane_at(Point middle, float depth) {
    FramedPane pane;
    pane.cells.resize(static_cast<std::size_t>(3 * depth * depth));
    pane.middle = middle;
    pane.depth = depth;
    return pane;
}

TEST(FramedPanes, TwoOfAKindAreAPair) {
    EXPECT_EQ(pairs_of({pane_at({50, 50}, 20), pane_at({100, 60}, 19)}).size(), 2U);
}

/// One lens may have been taken for a hole.
TEST(FramedPanes, APaneAndAHoleAreAPairIfTheFrameIsEven) {
    FramedPane hole = pane_at({100, 60}, 20);
    hole.is_hole = true;
    hole.is_evenly_framed = true;
    FramedPane pane = pane_at({50, 50}, 20);
    EXPECT_TRUE(pairs_of({pane, hole}).empty());
    pane.is_evenly_framed = true;
    ASSERT_EQ(pairs_of({pane, hole}).size(), 1U);
    EXPECT_FALSE(pairs_of({pane, hole})[0].is_hole);
    EXPECT_TRUE(pairs_of({hole, hole}).empty());
}

TEST(FramedPanes, OneAloneIsNoPair) {
    EXPECT_TRUE(pairs_of({pane_at({50, 50}, 20)}).empty());
    EXPECT_TRUE(pairs_of({}).empty());
}

TEST(FramedPanes, UnlikeOnesAreNoPair) {
    EXPECT_TRUE(pairs_of({pane_at({50, 50}, 20), pane_at({100, 60}, 12)}).empty());
}

TEST(FramedPanes, OnesFarApartAreNoPair) {
    EXPECT_TRUE(pairs_of({pane_at({50, 50}, 20), pane_at({300, 60}, 20)}).empty());
}

TEST(FramedPanes, ThreeOfAKindAreNoPair) {
    EXPECT_TRUE(
        pairs_of({pane_at({50, 50}, 20), pane_at({100, 50}, 20), pane_at({75, 90}, 20)}).empty());
}

}  // namespace
}  // namespace editprep::imaging
