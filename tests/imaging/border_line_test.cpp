#include "backdrop/border_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "backdrop/work_copy.hpp"
#include "drawn_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::Scene;

/// As the backdrop selection looks at a border: one cell for each pixel.
Planes cells_of(const Scene& scene) { return make_work_copy(testing::draw(scene).picture).mean; }

Scene small_scene() {
    Scene scene;
    scene.size = {96, 72};
    scene.object = testing::disc(48, 36, 15);
    return scene;
}

double accepted_share(const BorderLine& border) {
    const auto accepted = std::count(border.accepted().begin(), border.accepted().end(), 1);
    return static_cast<double>(accepted) / static_cast<double>(border.cells().size());
}

/// How many cells within the part are taken for backdrop, and how many are not.
std::pair<int, int> votes_within(const BorderLine& border, Rect part) {
    std::pair<int, int> votes;
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        const Point p = border.cells()[i];
        if (p.x >= part.left && p.x < part.right && p.y >= part.top && p.y < part.bottom) {
            ++(border.accepted()[i] ? votes.first : votes.second);
        }
    }
    return votes;
}

TEST(BorderLine, GoesOnceAroundClockwise) {
    const BorderLine border(Planes{Plane({4, 3}), Plane({4, 3}), Plane({4, 3})});
    const std::vector<Point> expected{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 1},
                                      {3, 2}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};
    EXPECT_EQ(border.cells(), expected);
    const BorderLine smallest(Planes{Plane({2, 2}), Plane({2, 2}), Plane({2, 2})});
    EXPECT_EQ(smallest.cells().size(), 4U);
}

TEST(BorderLine, TheOppositeCellIsInTheSameRowOrColumn) {
    for (const Size size : {Size{4, 3}, Size{2, 2}, Size{5, 7}}) {
        const BorderLine border(Planes{Plane(size), Plane(size), Plane(size)});
        for (std::size_t i = 0; i < border.cells().size(); ++i) {
            const Point here = border.cells()[i];
            const Point there = border.cells()[border.opposite(i)];
            const bool at_side = here.x == 0 || here.x == size.width - 1;
            EXPECT_EQ(there.x, at_side ? size.width - 1 - here.x : here.x) << i;
            EXPECT_EQ(there.y, at_side ? here.y : size.height - 1 - here.y) << i;
        }
    }
}

TEST(BorderLine, AcceptsAllOfACleanBackdrop) {
    Scene scene = small_scene();
    EXPECT_EQ(accepted_share(BorderLine(cells_of(scene))), 1);
    scene.light = testing::gradient_and_vignette(scene.size);
    EXPECT_EQ(accepted_share(BorderLine(cells_of(scene))), 1);
    scene.noise = 6;
    EXPECT_GT(accepted_share(BorderLine(cells_of(scene))), 0.95);
}

TEST(BorderLine, AcceptsBothSidesOfAHorizon) {
    for (const float softness : {1.0F, 6.0F, 30.0F}) {
        Scene scene = small_scene();
        scene.light = testing::sweep(45, softness);
        EXPECT_GT(accepted_share(BorderLine(cells_of(scene))), 0.97) << softness;
    }
}

/// The floor is brighter by a fifth, into which the wall goes over in a few steps. Light falls from
/// the left, so that the two ends of the floor are unlike.
testing::ToneField bright_floor(bool is_at_right) {
    return [is_at_right](float x, float y) {
        const bool is_side = x < 48 || is_at_right;
        const float share = is_side ? std::clamp((y - 45) / 4 + 0.5F, 0.0F, 1.0F) : 0.0F;
        const float level = (140 + share * 30) * (1 - x / 500);
        return testing::Tone{level, level, level};
    };
}

TEST(BorderLine, AcceptsAFloorThatAnObjectDivides) {
    Scene scene = small_scene();
    scene.object = testing::block(30, 30, 66, 90);
    scene.light = bright_floor(true);
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {0, 50, 1, 72}).second, 0);
    EXPECT_EQ(votes_within(border, {95, 50, 96, 72}).second, 0);
    EXPECT_EQ(votes_within(border, {34, 71, 62, 72}).first, 0);
}

TEST(BorderLine, RejectsASoftEdgeThatIsAtOneSideOnly) {
    Scene scene = small_scene();
    scene.object = testing::block(30, 30, 66, 90);
    scene.light = bright_floor(false);
    EXPECT_EQ(votes_within(BorderLine(cells_of(scene)), {0, 50, 1, 72}).first, 0);
}

/// What stands at the other side hides the floor there.
TEST(BorderLine, AcceptsABrighterFloorThatIsSeenAtOneSideOnly) {
    Scene scene = small_scene();
    scene.object = testing::block(-10, 30, 40, 90);
    scene.object_tone = [](float, float) { return testing::Tone{40, 90, 40}; };
    for (const bool is_brighter : {true, false}) {
        scene.light = [is_brighter](float, float y) {
            const float share = std::clamp((y - 45) / 6 + 0.5F, 0.0F, 1.0F);
            const float level = is_brighter ? 180 + share * 24 : 204 - share * 24;
            return testing::Tone{level, level, level};
        };
        const auto [accepted, rejected] =
            votes_within(BorderLine(cells_of(scene)), {95, 50, 96, 72});
        EXPECT_EQ(is_brighter ? rejected : accepted, 0) << is_brighter;
    }
}

/// The backdrop is seen in the corner that an object cuts off.
TEST(BorderLine, RejectsAnObjectAroundACorner) {
    Scene scene = small_scene();
    scene.light = testing::flat({86, 86, 86});
    scene.object = testing::both(testing::block(-10, 40, 30, 62), testing::block(10, 50, 40, 90));
    scene.object_tone = [](float x, float) {
        const float level = x < 6 ? 69 : 55;
        return testing::Tone{level, level, level};
    };
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {0, 42, 1, 60}).first, 0);
    EXPECT_EQ(votes_within(border, {12, 71, 38, 72}).first, 0);
    EXPECT_EQ(votes_within(border, {0, 0, 96, 38}).second, 0);
}

TEST(BorderLine, AcceptsWhatGoesOnBehindManyThings) {
    Scene scene = small_scene();
    scene.light = testing::gradient_and_vignette(scene.size);
    scene.object = testing::block(30, 40, 70, 100);
    scene.object_tone = [](float x, float) {
        const float level = static_cast<int>(x) / 5 % 2 == 0 ? 40 : 90;
        return testing::Tone{level, level, level};
    };
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {72, 71, 96, 72}).second, 0);
    EXPECT_EQ(votes_within(border, {32, 71, 68, 72}).first, 0);
}

TEST(BorderLine, RejectsAnObjectAtOneSide) {
    Scene scene = small_scene();
    scene.light = testing::gradient_and_vignette(scene.size);
    scene.object = testing::block(30, 40, 60, 100);
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {32, 71, 58, 72}), (std::pair{0, 26}));
    EXPECT_EQ(votes_within(border, {0, 0, 96, 71}).second, 0);
    EXPECT_EQ(votes_within(border, {62, 71, 96, 72}).second, 0);
}

TEST(BorderLine, RejectsAnObjectInACorner) {
    Scene scene = small_scene();
    scene.object = testing::block(-10, 45, 30, 100);
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {0, 47, 28, 72}).first, 0);
    EXPECT_EQ(votes_within(border, {0, 0, 96, 44}).second, 0);
    EXPECT_EQ(votes_within(border, {32, 71, 96, 72}).second, 0);
}

TEST(BorderLine, RejectsObjectsAtTwoSides) {
    Scene scene = small_scene();
    scene.object = testing::rod(-5, 30, 100, 42, 14);
    const BorderLine border(cells_of(scene));
    EXPECT_EQ(votes_within(border, {0, 25, 1, 35}).first, 0);
    EXPECT_EQ(votes_within(border, {95, 37, 96, 47}).first, 0);
    EXPECT_EQ(votes_within(border, {0, 0, 96, 1}).second, 0);
    EXPECT_EQ(votes_within(border, {0, 71, 96, 72}).second, 0);
}

/// What reaches the border is as far from the backdrop either way.
Scene with_tone_at_left(const testing::Tone& tone) {
    Scene scene = small_scene();
    scene.light = [](float, float) { return testing::Tone{80, 80, 80}; };
    scene.object = testing::block(-10, 20, 30, 50);
    scene.object_tone = [tone](float, float) { return tone; };
    return scene;
}

TEST(BorderLine, RejectsAnObjectAsBrightAsTheBackdropButOfAnotherColour) {
    const BorderLine border(cells_of(with_tone_at_left({83, 81, 69})));
    EXPECT_EQ(votes_within(border, {0, 22, 1, 48}).first, 0);
    EXPECT_EQ(votes_within(border, {1, 0, 96, 72}).second, 0);
}

TEST(BorderLine, AcceptsASpotThatIsALittleDarker) {
    EXPECT_EQ(accepted_share(BorderLine(cells_of(with_tone_at_left({73, 73, 73})))), 1);
}

TEST(BorderLine, BridgesWhatItRejectsWithAStraightLine) {
    Scene scene = small_scene();
    scene.light = testing::gradient_and_vignette(scene.size);
    const Planes empty = [&] {
        Scene without = scene;
        without.object = testing::disc(48, 36, 1);
        return cells_of(without);
    }();
    scene.object = testing::block(30, 40, 60, 100);
    const BorderLine border(cells_of(scene));
    const std::vector<Rgb> bridged = border.bridged();
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        const Point p = border.cells()[i];
        EXPECT_LT(distance(bridged[i], color_at(empty, empty[0].index(p.x, p.y))), 4)
            << p.x << ' ' << p.y;
    }
}

TEST(BorderLine, ASingleDeadCellIsNoObject) {
    Planes cells = cells_of(small_scene());
    cells[0].at(20, 0) = cells[1].at(20, 0) = cells[2].at(20, 0) = 0;
    const BorderLine border(cells);
    EXPECT_EQ(accepted_share(border), 1);
    EXPECT_LT(distance(border.bridged()[20], border.bridged()[19]), 1);
}

TEST(BorderLine, SomethingIsAlwaysAccepted) {
    const WorkCopy copy = make_work_copy(testing::draw({.size = {30, 20}, .noise = 120}).picture);
    EXPECT_GT(accepted_share(BorderLine(copy.mean)), 0);
}

}  // namespace
}  // namespace editprep::imaging
