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
constexpr int kUsualWidth = kGapRight - kGapLeft;
constexpr int kClear = 14;
/// Below this row it is known for outline.
constexpr int kMouth = 23;
/// Where the gap is paper, but no outline.
constexpr Point kInGap{19, 18};
constexpr Point kNearEnd{19, 9};

/// Two rods with a gap between that narrows upwards, all taken for the object but for its mouth.
struct Scene {
    explicit Scene(const Rgb& left, const Rgb& right, const Rgb& gap = kPaper,
                   int gap_width = kUsualWidth)
        : gap_left((kGapLeft + kGapRight - gap_width) / 2),
          gap_right(gap_left + gap_width),
          picture(kCells, Channels::rgb),
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

    [[nodiscard]] bool is_gap(int x) const { return x >= gap_left && x < gap_right; }

    [[nodiscard]] Rgb tone_at(int x, int y, const Rgb& left, const Rgb& right,
                              const Rgb& gap) const {
        if (!is_gap(x)) {
            return x < gap_left ? left : right;
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

    int gap_left;
    int gap_right;
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

TEST(NarrowGaps, NearWhatSomebodyCallsTheObjectNothingOpens) {
    Scene scene(kSteel, kSteel);
    scene.reopen({kInGap});
    EXPECT_FALSE(scene.is_open({kInGap.x, kInGap.y - 5}));
    EXPECT_TRUE(scene.is_open({kInGap.x, kInGap.y - 6}));
}

bool opens(Scene scene) {
    scene.reopen();
    return scene.is_open(kInGap);
}

/// Differences of so many deviations of the backdrop's noise, from red to blue.
Rgb off_paper(float red, float green, float blue) {
    return {kPaper[0] + red * kLeastNoise, kPaper[1] + green * kLeastNoise,
            kPaper[2] + blue * kLeastNoise};
}

TEST(NarrowGaps, AWideGapIsARegionOfItsOwn) {
    EXPECT_TRUE(opens(Scene(kSteel, kSteel, kPaper, 7)));
    EXPECT_FALSE(opens(Scene(kSteel, kSteel, kPaper, 13)));
}

TEST(NarrowGaps, AGapEndsWhereItIsAlmostOfTheColourOfItsSides) {
    EXPECT_TRUE(opens(Scene(kSteel, kSteel, mix(kPaper, kSteel, 0.7F))));
    EXPECT_FALSE(opens(Scene(kSteel, kSteel, mix(kPaper, kSteel, 0.9F))));
}

TEST(NarrowGaps, SidesDifferPlainlyFromTheBackdrop) {
    const Rgb faint = off_paper(-13, 0, 0);
    EXPECT_FALSE(opens(Scene(faint, faint)));
    const Rgb plain = off_paper(-19, 0, 0);
    EXPECT_TRUE(opens(Scene(plain, plain)));
}

TEST(NarrowGaps, BothSidesAreOfAboutTheSameColour) {
    EXPECT_TRUE(opens(Scene(off_paper(-40, 0, 0), off_paper(-28, -28, 0))));
    EXPECT_FALSE(opens(Scene(off_paper(-40, 0, 0), off_paper(-12, -38, 0))));
}

TEST(NarrowGaps, AGapLiesBetweenTheColoursOfBackdropAndSides) {
    const Rgb side = off_paper(-60, 0, 0);
    EXPECT_TRUE(opens(Scene(side, side, off_paper(0, -7, 0))));
    EXPECT_FALSE(opens(Scene(side, side, off_paper(0, -10, 0))));
    EXPECT_TRUE(opens(Scene(side, side, off_paper(4, 0, 0))));
    EXPECT_FALSE(opens(Scene(side, side, off_paper(8, 0, 0))));
}

TEST(NarrowGaps, FartherOnTheWayItMayBeFartherOff) {
    const Rgb side = off_paper(-60, 0, 0);
    EXPECT_TRUE(opens(Scene(side, side, off_paper(-30, -15, 0))));
    EXPECT_FALSE(opens(Scene(side, side, off_paper(-30, -23, 0))));
}

/// The mouth in that colour, between sides of another.
Scene with_mouth(const Rgb& mouth, const Rgb& sides) {
    Scene scene(sides, sides);
    for (int y = kMouth; y < kBottom; ++y) {
        for (int x = kGapLeft; x < kGapRight; ++x) {
            scene.paint({x, y}, mouth);
        }
    }
    return scene;
}

TEST(NarrowGaps, AMouthLooksLikeTheBackdrop) {
    EXPECT_TRUE(opens(with_mouth(off_paper(-5, 0, 0), off_paper(-60, 0, 0))));
    EXPECT_FALSE(opens(with_mouth(off_paper(-7.5F, 0, 0), off_paper(-60, 0, 0))));
}

TEST(NarrowGaps, AMouthIsMuchNearerToTheBackdropThanToItsSides) {
    EXPECT_TRUE(opens(with_mouth(off_paper(-4, 0, 0), off_paper(-19, 0, 0))));
    EXPECT_FALSE(opens(with_mouth(off_paper(-5.5F, 0, 0), off_paper(-19, 0, 0))));
}

/// Two blocks of which only the corners face each other, so many rows and columns apart, and beside
/// what is between them a cell of outline.
Scene corners(int apart) {
    Scene scene(kPaper, kPaper);
    constexpr Point kCorner{18, 14};
    for (int y = 0; y < kCells.height; ++y) {
        for (int x = 0; x < kCells.width; ++x) {
            const bool first = x < kCorner.x && y < kCorner.y;
            const bool second = x >= kCorner.x + apart && y >= kCorner.y + apart;
            scene.paint({x, y}, first || second ? kSteel : kPaper);
            const bool between =
                x >= kCorner.x && x <= kCorner.x + 1 && y >= kCorner.y && y <= kCorner.y + 1;
            scene.labels.at(x, y) = first || second || between ? Label::object : Label::backdrop;
        }
    }
    scene.labels.at(kCorner.x + 1, kCorner.y) = Label::undecided;
    return scene;
}

TEST(NarrowGaps, AGapMayLieBetweenCorners) {
    constexpr Point kBetween{19, 15};
    Scene near = corners(4);
    near.reopen();
    EXPECT_TRUE(near.is_open(kBetween));
    Scene far = corners(6);
    far.reopen();
    EXPECT_FALSE(far.is_open(kBetween));
}

}  // namespace
}  // namespace editprep::imaging
