#include "backdrop/narrow_gaps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <vector>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kCells{40, 30};
constexpr std::array<float, 3> kNoise{1, 1, 1};
constexpr Rgb kPaper{200, 202, 204};
constexpr Rgb kSteel{90, 80, 70};
constexpr Rgb kChalk{250, 251, 252};
constexpr Rgb kCopper{220, 120, 60};

constexpr int kLeft = 8;
constexpr int kRight = 32;
constexpr int kTop = 5;
constexpr int kBottom = 26;
/// The gap between the two halves: paper below this row, and above it more and more of the sides.
constexpr int kGapLeft = 18;
constexpr int kGapRight = 21;
constexpr int kClear = 14;
/// Below this row it is known for outline.
constexpr int kMouth = 23;
/// Where the gap is paper, but no outline.
constexpr Point kInGap{19, 18};
constexpr Point kNearEnd{19, 9};

/// Two rods with a gap between that narrows upwards, all taken for the object but for its mouth.
struct Scene {
    explicit Scene(const Rgb& left, const Rgb& right, const Rgb& gap = kPaper)
        : picture(kCells, Channels::rgb),
          copy{kCells, 1, {Plane(kCells), Plane(kCells), Plane(kCells)}},
          light{Plane(kCells, kPaper[0]), Plane(kCells, kPaper[1]), Plane(kCells, kPaper[2])},
          verdict(kCells, Verdict::inner_edge),
          labels(kCells, Label::backdrop) {
        for (int y = 0; y < kCells.height; ++y) {
            for (int x = 0; x < kCells.width; ++x) {
                const bool inside = x >= kLeft && x < kRight && y >= kTop && y < kBottom;
                paint({x, y}, inside ? tone_at(x, y, left, right, gap) : kPaper);
                if (inside) {
                    labels.at(x, y) = is_gap(x) && y >= kMouth ? Label::undecided : Label::object;
                }
            }
        }
    }

    static bool is_gap(int x) { return x >= kGapLeft && x < kGapRight; }

    static Rgb tone_at(int x, int y, const Rgb& left, const Rgb& right, const Rgb& gap) {
        if (!is_gap(x)) {
            return x < kGapLeft ? left : right;
        }
        if (y >= kMouth) {
            return kPaper;
        }
        return y >= kClear ? gap : mix(gap, left, 0.09F * static_cast<float>(kClear - y));
    }

    void paint(Point p, const Rgb& tone) {
        for (std::size_t c = 0; c < 3; ++c) {
            copy.mean[c].at(p.x, p.y) = tone[c];
        }
    }

    void reopen(const std::vector<Point>& object = {}) {
        reopen_narrow_gaps({picture, copy, light, kNoise, verdict, object}, labels);
    }

    [[nodiscard]] bool is_open(Point p) const { return labels.at(p.x, p.y) == Label::undecided; }

    Image picture;
    WorkCopy copy;
    Planes light;
    Grid<Verdict> verdict;
    CellLabels labels;
};

TEST(NarrowGaps, AGapIsFollowedToWhereItEnds) {
    Scene scene(kSteel, kSteel);
    scene.reopen();
    EXPECT_TRUE(scene.is_open(kInGap));
    EXPECT_TRUE(scene.is_open(kNearEnd));
}

TEST(NarrowGaps, ItsSidesAreLeftToTheirPixelsAndTheRestStaysSolid) {
    Scene scene(kSteel, kSteel);
    scene.reopen();
    EXPECT_TRUE(scene.is_open({kGapLeft - 2, kInGap.y}));
    EXPECT_FALSE(scene.is_open({kGapLeft - 3, kInGap.y}));
    EXPECT_FALSE(scene.is_open({kGapRight + 2, kInGap.y}));
    EXPECT_FALSE(scene.is_open({2, 2}));
}

TEST(NarrowGaps, APrintThatLeadsNowhereIsSolid) {
    Scene scene(kSteel, kSteel);
    for (int y = kMouth; y < kBottom; ++y) {
        for (int x = kGapLeft; x < kGapRight; ++x) {
            scene.labels.at(x, y) = Label::object;
        }
    }
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, GlossWithinAnObjectIsNoMouth) {
    Scene scene(kSteel, kSteel);
    for (int x = kGapLeft; x < kGapRight; ++x) {
        scene.labels.at(x, kBottom - 1) = Label::object;
    }
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, BetweenALightAndADarkSideThereIsNoGap) {
    Scene scene(kSteel, kChalk);
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, AStripeOfAnotherColourIsSolid) {
    Scene scene(kSteel, kSteel, kCopper);
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, PaleSidesDoNotMakeAGap) {
    const Rgb pale = mix(kPaper, kSteel, 0.05F);
    Scene scene(pale, pale);
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, ARegionOfTheObjectIsSolid) {
    Scene scene(kSteel, kSteel);
    scene.verdict = Grid<Verdict>(kCells, Verdict::object);
    scene.reopen();
    EXPECT_FALSE(scene.is_open(kInGap));
}

TEST(NarrowGaps, WhatSomebodyCallsTheObjectStaysIt) {
    Scene scene(kSteel, kSteel);
    scene.reopen({kInGap});
    EXPECT_FALSE(scene.is_open(kInGap));
    EXPECT_TRUE(scene.is_open(kNearEnd));
}

}  // namespace
}  // namespace editprep::imaging
