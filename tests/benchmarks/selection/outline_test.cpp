#include "outline.hpp"

#include <gtest/gtest.h>

#include <numbers>
#include <numeric>

namespace editprep::benchmarks {
namespace {

Path box(double left, double top, double right, double bottom) {
    return {{right, top}, {right, bottom}, {left, bottom}, {left, top}};
}

double area(const Plane& plane) {
    return std::accumulate(plane.values().begin(), plane.values().end(), 0.0);
}

TEST(Coverage, IsTheCoveredShareOfEachPixel) {
    const Plane plane = coverage({box(0.25, 0.5, 2.5, 2.0)}, {4, 3});
    EXPECT_FLOAT_EQ(plane.at(0, 0), 0.75F * 0.5F);
    EXPECT_FLOAT_EQ(plane.at(1, 0), 0.5F);
    EXPECT_FLOAT_EQ(plane.at(1, 1), 1.0F);
    EXPECT_FLOAT_EQ(plane.at(2, 1), 0.5F);
    EXPECT_FLOAT_EQ(plane.at(3, 1), 0.0F);
    EXPECT_FLOAT_EQ(plane.at(1, 2), 0.0F);
}

TEST(Coverage, OfSlopesIsExact) {
    const Plane plane = coverage({{{0, 0}, {4, 0}, {0, 2}}}, {4, 2});
    EXPECT_NEAR(area(plane), 4.0, 1e-5);
    EXPECT_NEAR(plane.at(0, 0), 1.0, 1e-5);
    EXPECT_NEAR(plane.at(3, 0), 0.25, 1e-5);
    EXPECT_NEAR(plane.at(1, 1), 0.25, 1e-5);
    EXPECT_NEAR(plane.at(2, 1), 0.0, 1e-5);
}

TEST(Coverage, OfACircleHasItsArea) {
    EXPECT_NEAR(area(coverage({ellipse({20, 20}, 15, 10)}, {40, 40})), 150 * std::numbers::pi, 0.1);
}

TEST(Coverage, CountsOverlapsOnceAndCutsHoles) {
    EXPECT_NEAR(area(coverage({box(1, 1, 6, 6), box(3, 1, 9, 6)}, {10, 10})), 40, 1e-4);
    EXPECT_NEAR(area(coverage({box(1, 1, 9, 9), reversed(box(3, 3, 7, 7))}, {10, 10})), 48, 1e-4);
}

TEST(Coverage, KeepsWhatIsInsideThePicture) {
    EXPECT_NEAR(area(coverage({box(-50, -50, 4, 3)}, {10, 10})), 12, 1e-4);
    EXPECT_NEAR(area(coverage({box(8, 7, 60, 60)}, {10, 10})), 6, 1e-4);
    EXPECT_NEAR(area(coverage({box(20, 0, 30, 10)}, {10, 10})), 0, 1e-4);
}

TEST(AddStroke, HasItsWidthWhicheverWayItRuns) {
    for (const Path& line : {Path{{2, 5}, {8, 5}}, Path{{8, 5}, {2, 5}}}) {
        Outline outline{box(0, 4.5, 2, 5.5)};
        add_stroke(outline, line, 1.0);
        EXPECT_NEAR(area(coverage(outline, {10, 10})), 8, 1e-4);
    }
}

TEST(AddLoop, LeavesTheInsideFree) {
    Outline outline;
    add_loop(outline, ellipse({20, 20}, 12, 12), 2);
    const Plane plane = coverage(outline, {40, 40});
    EXPECT_NEAR(plane.at(20, 20), 0, 1e-6);
    EXPECT_NEAR(area(plane), 48 * std::numbers::pi, 0.2);
}

TEST(Placement, IsUndone) {
    const Placement placement{{30, 40}, 7, 0.6, true};
    const Vec there_and_back = placement.undo(placement({0.3, -0.8}));
    EXPECT_NEAR(there_and_back.x, 0.3, 1e-12);
    EXPECT_NEAR(there_and_back.y, -0.8, 1e-12);
}

}  // namespace
}  // namespace editprep::benchmarks
