#include "backdrop/veil_pieces.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kSize{60, 50};

/// A block from (10, 10) to (50, 40), of which this is marked.
Plane block_share() {
    Plane share(kSize);
    for (int y = 10; y < 40; ++y) {
        std::fill(share.row(y) + 10, share.row(y) + 50, 1.0F);
    }
    return share;
}

/// Levels of grey of which the right part of the picture differs by `step`, and that rise by
/// `slope` a column.
Planes grey(float step, float slope = 0) {
    Planes planes{Plane(kSize), Plane(kSize), Plane(kSize)};
    for (Plane& plane : planes) {
        for (int y = 0; y < kSize.height; ++y) {
            for (int x = 0; x < kSize.width; ++x) {
                plane.at(x, y) = slope * static_cast<float>(x) + (x < 30 ? 0 : step);
            }
        }
    }
    return planes;
}

std::vector<Piece> pieces_of_block(const Planes& difference) {
    const Grid<std::uint8_t> outside = outside_of(block_share());
    return pieces_of(bodies_in(outside).at(0), difference, distance_to_marked(outside));
}

TEST(VeilPieces, ABodyHasWhatItEncloses) {
    Plane share = block_share();
    share.at(30, 25) = 0;
    const Grid<std::uint8_t> outside = outside_of(share);
    EXPECT_EQ(outside.at(30, 25), 0);
    EXPECT_EQ(outside.at(9, 25), 1);
    const std::vector<Body> bodies = bodies_in(outside);
    ASSERT_EQ(bodies.size(), 1U);
    EXPECT_EQ(bodies[0].size(), 40U * 30U);
}

TEST(VeilPieces, SpecksAreNoBodies) {
    Plane share(kSize);
    share.at(20, 20) = 1;
    EXPECT_TRUE(bodies_in(outside_of(share)).empty());
}

TEST(VeilPieces, ColoursThatGoOverIntoEachOtherAreOnePiece) {
    const std::vector<Piece> pieces = pieces_of_block(grey(0, 2));
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].cells.size(), 40U * 30U);
}

TEST(VeilPieces, AnAbruptChangeDividesABodyUpToItsOutline) {
    const std::vector<Piece> pieces = pieces_of_block(grey(20));
    ASSERT_EQ(pieces.size(), 2U);
    EXPECT_EQ(pieces[0].cells.size(), 20U * 30U);
    EXPECT_EQ(pieces[1].cells.size(), 20U * 30U);
}

/// Such as a bead in a glass.
TEST(VeilPieces, WhatIsSmallInAPieceIsOfItButNotOfItsPlateau) {
    Planes planes = grey(0);
    for (Plane& plane : planes) {
        for (int y = 24; y < 28; ++y) {
            std::fill(plane.row(y) + 24, plane.row(y) + 28, 60.0F);
        }
    }
    const std::vector<Piece> pieces = pieces_of_block(planes);
    ASSERT_EQ(pieces.size(), 1U);
    const std::size_t bead = planes[0].index(25, 25);
    const auto has_bead = [bead](const Body& cells) {
        return std::find(cells.begin(), cells.end(), bead) != cells.end();
    };
    EXPECT_TRUE(has_bead(pieces[0].cells));
    EXPECT_FALSE(has_bead(pieces[0].plateau));
}

TEST(VeilPieces, WhatIsNarrowHasNone) {
    Plane share(kSize);
    for (int y = 20; y < 28; ++y) {
        std::fill(share.row(y), share.row(y) + 60, 1.0F);
    }
    const Grid<std::uint8_t> outside = outside_of(share);
    EXPECT_TRUE(pieces_of(bodies_in(outside).at(0), grey(0), distance_to_marked(outside)).empty());
}

TEST(VeilPieces, SeamsAreTwoCellsWideOnEitherSide) {
    const Grid<std::uint8_t> seams = seams_between(pieces_of_block(grey(20)), kSize);
    for (int x = 10; x < 50; ++x) {
        EXPECT_EQ(seams.at(x, 25), x >= 28 && x < 32 ? 1 : 0) << x;
    }
    EXPECT_EQ(seams.at(30, 5), 0);
}

}  // namespace
}  // namespace editprep::imaging
