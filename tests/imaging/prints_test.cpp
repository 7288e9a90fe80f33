#include "backdrop/prints.hpp"

#include <gtest/gtest.h>

namespace editprep::imaging {
namespace {

constexpr Size kSize{60, 50};
constexpr Opponent kInk{-150, 0, 0};

/// Paper of the backdrop's colour on an object in the middle of the picture.
class Label {
public:
    Label()
        : ground_(kSize, Ground::open),
          smooth_{Plane(kSize), Plane(kSize), Plane(kSize)},
          ties_(kSize) {
        for (std::size_t i = 0; i < ground_.count(); ++i) {
            ties_.to_right[i] = ties_.to_below[i] = 1;
        }
        paint({10, 8, 50, 42}, Ground::different);
        paint({16, 12, 46, 38}, Ground::alike);
    }

    Label& paint(Rect cells, Ground ground, const Opponent& difference = {}) {
        for (int y = cells.top; y < cells.bottom; ++y) {
            for (int x = cells.left; x < cells.right; ++x) {
                ground_.at(x, y) = ground;
                smooth_.luma.at(x, y) = difference.luma;
                smooth_.red_blue.at(x, y) = difference.red_blue;
            }
        }
        return *this;
    }
    Label& write(Rect cells, const Opponent& ink = kInk) {
        return paint(cells, Ground::different, ink);
    }
    /// An edge below and above a row of cells.
    Label& draw_line(int left, int right, int y) {
        for (int x = left; x < right; ++x) {
            ties_.to_below.at(x, y - 1) = ties_.to_below.at(x, y) = 0.1F;
        }
        return *this;
    }

    /// On white.
    [[nodiscard]] std::vector<Print> prints() const { return prints_on(250); }
    [[nodiscard]] std::vector<Print> prints_on(float light) const {
        return find_prints(ground_, smooth_,
                           {Plane(kSize, light), Plane(kSize, light), Plane(kSize, light)}, ties_);
    }

private:
    Grid<Ground> ground_;
    OpponentPlanes smooth_;
    WalkerField ties_;
};

TEST(Prints, BlankPaperMayBeAHole) { EXPECT_TRUE(Label().prints().empty()); }

TEST(Prints, LetteringAndItsPaperAreOne) {
    const std::vector<Print> prints = Label().write({20, 20, 40, 22}).prints();
    ASSERT_EQ(prints.size(), 1U);
    EXPECT_EQ(prints[0].size(), 30U * 26U);
}

TEST(Prints, SmallLettersCountTogether) {
    Label label;
    for (int x = 18; x < 44; x += 4) {
        label.write({x, 20, x + 2, 22});
    }
    EXPECT_EQ(label.prints().size(), 1U);
}

TEST(Prints, SpecksAreNone) {
    EXPECT_TRUE(Label().write({20, 20, 22, 22}).write({30, 30, 32, 32}).prints().empty());
}

TEST(Prints, AShadowIsNone) {
    EXPECT_TRUE(Label().write({20, 20, 40, 30}, {-40, 0, 0}).prints().empty());
}

TEST(Prints, AHighlightIsNone) {
    EXPECT_TRUE(Label().write({20, 20, 40, 30}, {100, 10, 0}).prints().empty());
    EXPECT_EQ(Label().write({20, 20, 40, 30}, {100, 50, 0}).prints().size(), 1U);
}

TEST(Prints, WhatIsHeldIsNone) {
    Label held = Label().write({24, 20, 40, 30});
    EXPECT_EQ(held.prints().size(), 1U);
    EXPECT_TRUE(held.write({16, 24, 24, 25}, {-20, 0, 0}).prints().empty());
}

TEST(Prints, AWireThatHardlyShowsHolds) {
    EXPECT_TRUE(Label().write({24, 20, 40, 30}).draw_line(16, 24, 25).prints().empty());
}

TEST(Prints, WhatIsOpenIsNone) {
    Label label = Label().write({24, 20, 40, 30});
    label.paint({46, 20, 50, 24}, Ground::alike);
    EXPECT_TRUE(label.prints().empty());
}

TEST(Prints, AnEdgeCloses) {
    Label label = Label().write({24, 20, 40, 30});
    label.paint({30, 38, 31, 44}, Ground::alike).draw_line(30, 31, 40);
    EXPECT_EQ(label.prints().size(), 1U);
}

TEST(Prints, PaperOfExactlyAGreyBackdropsColourIsAHole) {
    Label label;
    label.write({20, 20, 40, 22});
    EXPECT_EQ(label.prints_on(250).size(), 1U);
    EXPECT_TRUE(label.prints_on(180).empty());
    Label other;
    other.paint({16, 12, 46, 38}, Ground::alike, {-1, 0, 0}).write({20, 20, 40, 22});
    EXPECT_EQ(other.prints_on(180).size(), 1U);
}

/// Each seen here and there only.
TEST(Prints, AHubBetweenFaintSpokesIsNone) {
    Label label;
    label.write({28, 22, 34, 28});
    EXPECT_EQ(label.prints().size(), 1U);
    for (int x = 18; x < 44; x += 3) {
        label.write({x, 16, x + 1, 18}, {-6, 0, 0});
    }
    EXPECT_TRUE(label.prints().empty());
    // A pattern.
    label.write({20, 22, 24, 28}).write({38, 22, 42, 28});
    EXPECT_EQ(label.prints().size(), 1U);
}

}  // namespace
}  // namespace editprep::imaging
