#include "backdrop/fine_gaps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

constexpr int kScale = 3;
constexpr Size kCells{40, 36};
constexpr std::array<float, 3> kNoise{1, 1, 1};
constexpr Rgb kPaper{220, 222, 224};
constexpr Rgb kInk{60, 40, 90};
constexpr Rgb kCloth{150, 120, 60};

/// What the small copy takes for an object: cells left <= x < right, top <= y < bottom.
struct Block {
    int left = 6;
    int top = 6;
    int right = 34;
    int bottom = 30;

    [[nodiscard]] bool holds(int x, int y) const {
        return x >= left && x < right && y >= top && y < bottom;
    }
    /// The block without `cells` at each side.
    [[nodiscard]] Block within(int cells) const {
        return {left + cells, top + cells, right - cells, bottom - cells};
    }
};

/// A block on paper, an outline all through, with these colours in its pixels.
struct Scene {
    explicit Scene(const std::function<Rgb(int x, int y)>& colour, const Block& block = {})
        : picture({kCells.width * kScale, kCells.height * kScale}, Channels::rgb),
          copy{picture.size(), kScale, {Plane(kCells), Plane(kCells), Plane(kCells)}},
          light{Plane(kCells, kPaper[0]), Plane(kCells, kPaper[1]), Plane(kCells, kPaper[2])},
          verdict(kCells, Verdict::open),
          labels(kCells, Label::backdrop) {
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                const bool inside = block.holds(x / kScale, y / kScale);
                const Rgb here = inside ? colour(x, y) : kPaper;
                for (std::size_t c = 0; c < 3; ++c) {
                    picture.row(y)[static_cast<std::size_t>(x) * 3 + c] =
                        static_cast<std::uint8_t>(here[c]);
                }
            }
        }
        mark(block, Verdict::inner_edge);
    }

    void mark(const Block& block, Verdict value) {
        for (int y = block.top; y < block.bottom; ++y) {
            for (int x = block.left; x < block.right; ++x) {
                verdict.at(x, y) = value;
                labels.at(x, y) = Label::object;
            }
        }
    }

    /// Cells that are undecided afterwards.
    [[nodiscard]] int reopened(const std::vector<Point>& object = {}) {
        reopen_fine_gaps({picture, copy, light, kNoise, verdict, object}, labels);
        int count = 0;
        for (std::size_t i = 0; i < labels.count(); ++i) {
            count += labels[i] == Label::undecided ? 1 : 0;
        }
        return count;
    }

    Image picture;
    WorkCopy copy;
    Planes light;
    Grid<Verdict> verdict;
    CellLabels labels;
};

constexpr int kAll = 28 * 24;

/// Two pixels wide, two pixels of paper between.
Rgb mesh(int x, int /*y*/) { return x % 4 < 2 ? kInk : kPaper; }

/// No pixel is free of the ribs.
Rgb blurred_ribs(int x, int /*y*/) { return mix(kPaper, kInk, x % 4 == 0 ? 0.8F : 0.07F); }

TEST(FineGaps, AMeshIsLeftToItsPixels) { EXPECT_EQ(Scene(mesh).reopened(), kAll); }

TEST(FineGaps, BlurredRibsAreLeftToTheirPixels) { EXPECT_EQ(Scene(blurred_ribs).reopened(), kAll); }

TEST(FineGaps, OnlyTheBlockIsReopened) {
    Scene scene(mesh);
    ASSERT_EQ(scene.reopened(), kAll);
    EXPECT_EQ(scene.labels.at(5, 10), Label::backdrop);
    EXPECT_EQ(scene.labels.at(6, 10), Label::undecided);
}

TEST(FineGaps, AClothOfTwoOtherColoursIsSolid) {
    EXPECT_EQ(Scene([](int x, int) { return x % 4 < 2 ? kInk : kCloth; }).reopened(), 0);
}

TEST(FineGaps, WideStripesAreSolid) {
    // As near to the backdrop as the blurred ribs, and far wider.
    const auto stripes = [](int x, int) { return mix(kPaper, kInk, x % 72 < 18 ? 0.8F : 0.07F); };
    EXPECT_EQ(Scene(stripes).reopened(), 0);
}

TEST(FineGaps, WhatIsOfOneColourIsSolid) {
    EXPECT_EQ(Scene([](int, int) { return kInk; }).reopened(), 0);
}

TEST(FineGaps, ATextureOfTheBackdropsOwnColourIsSolid) {
    // Nothing in it is far from the backdrop.
    const auto shade = [](int x, int) { return mix(kPaper, kInk, x % 4 < 2 ? 0.06F : 0.03F); };
    EXPECT_EQ(Scene(shade).reopened(), 0);
}

TEST(FineGaps, APrintInARegionOfTheObjectIsSolid) {
    Scene scene(mesh);
    const Block print = Block{}.within(6);
    scene.mark({}, Verdict::object);
    scene.mark(print, Verdict::inner_edge);
    EXPECT_EQ(scene.reopened(), 0);
}

TEST(FineGaps, WhatOtherOutlinesEncloseIsSolid) {
    const Block print = Block{}.within(6);
    Scene scene(
        [&](int x, int y) { return print.holds(x / kScale, y / kScale) ? mesh(x, y) : kInk; });
    EXPECT_EQ(scene.reopened(), 0);
}

TEST(FineGaps, ASpotIsLeftAsItIs) {
    EXPECT_EQ(Scene(mesh, {10, 10, 14, 14}).reopened(), 0);
    EXPECT_EQ(Scene(mesh, {10, 10, 15, 15}).reopened(), 25);
}

TEST(FineGaps, WhatSomebodyCallsTheObjectStaysIt) {
    EXPECT_EQ(Scene(mesh).reopened({{20, 20}}), 0);
    EXPECT_EQ(Scene(mesh).reopened({{2, 2}}), kAll);
}

TEST(FineGaps, ThereMayBeNoObject) { EXPECT_EQ(Scene(mesh, {0, 0, 0, 0}).reopened(), 0); }

}  // namespace
}  // namespace editprep::imaging
