#include "bits/bit_morphology.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "bit_drawing.hpp"
#include "editprep/imaging/mask_morphology.hpp"

namespace editprep::imaging {
namespace {

using testing::random_bits;
using testing::to_bits;
using testing::to_bytes;

/// The functions on bytes, which are held against brute force elsewhere, are the slow twins.
void expect_like_bytes(const BitMask& mask, int radius) {
    const Mask bytes = to_bytes(mask);
    BitMask grown = mask;
    grow(grown, radius);
    EXPECT_EQ(grown, to_bits(grow(bytes, radius)))
        << "grow " << to_string(mask.size()) << " by " << radius;
    BitMask shrunk = mask;
    shrink(shrunk, radius);
    EXPECT_EQ(shrunk, to_bits(shrink(bytes, radius)))
        << "shrink " << to_string(mask.size()) << " by " << radius;
}

/// Few and many holes: growing is held to the test by the one, shrinking by the other.
void expect_like_bytes(Size size, int radius) {
    const auto seed = static_cast<std::uint32_t>(size.width * 1000 + size.height + radius);
    const double rare = 1.0 / (2.0 * radius + 2.0);
    expect_like_bytes(random_bits(size, rare * rare, seed), radius);
    expect_like_bytes(random_bits(size, 1 - rare * rare, seed), radius);
}

TEST(BitMorphology, EqualsBytesAtEveryWidth) {
    for (int width = 1; width <= 130; ++width) {
        for (const int radius : {1, 6, 63, 64, 65}) {
            expect_like_bytes(Size{width, 9}, radius);
        }
    }
}

TEST(BitMorphology, EqualsBytesAtEveryRadius) {
    for (const Size size : {Size{150, 70}, Size{1, 90}, Size{90, 1}, Size{1, 1}}) {
        for (int radius = 0; radius <= 40; ++radius) {
            expect_like_bytes(size, radius);
        }
        for (const int radius : {127, 128, 129, 1000}) {
            expect_like_bytes(size, radius);
        }
    }
}

TEST(BitMorphology, ReachesAcrossManyWords) {
    for (const int radius : {63, 64, 100, 128, 191, 300}) {
        BitMask dot(Size{1000, 3});
        select_span(dot.row(1), 500, 501);
        expect_like_bytes(dot, radius);
    }
}

TEST(BitMorphology, RadiusOfZeroOrLessDoesNothing) {
    const BitMask mask = random_bits({70, 20}, 0.5, 3);
    for (const int radius : {0, -1, std::numeric_limits<int>::min()}) {
        BitMask same = mask;
        grow(same, radius);
        shrink(same, radius);
        EXPECT_EQ(same, mask);
    }
}

TEST(BitMorphology, RadiusBeyondThePictureFillsOrEmptiesIt) {
    BitMask mask(Size{90, 70});
    select_span(mask.row(0), 89, 90);
    grow(mask, std::numeric_limits<int>::max());
    EXPECT_EQ(count_selected(mask), 90 * 70);
    shrink(mask, std::numeric_limits<int>::max());
    EXPECT_EQ(count_selected(mask), 90 * 70);
    mask.row(69)[0] ^= 1U;
    shrink(mask, std::numeric_limits<int>::max());
    EXPECT_EQ(count_selected(mask), 0);
}

}  // namespace
}  // namespace editprep::imaging
