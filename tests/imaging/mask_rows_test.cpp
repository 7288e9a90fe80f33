#include "bits/mask_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "bit_drawing.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "region_spans.hpp"

namespace editprep::imaging {
namespace {

using testing::random_bits;
using testing::to_bytes;

struct Written {
    Mask mask;
    int repeated = 0;
    MaskFacts facts{};
};

Written written(const BitMask& bits, double sigma, bool inverted) {
    Written result{Mask(bits.size())};
    int y = 0;
    result.facts = write_mask_rows(bits, sigma, inverted, [&](const std::uint8_t* row) {
        result.repeated += row == nullptr;
        std::copy_n(row != nullptr ? row : result.mask.row(y - 1), bits.width(),
                    result.mask.row(y));
        ++y;
    });
    EXPECT_EQ(y, bits.height());
    return result;
}

void expect_like_whole_mask(const BitMask& bits, double sigma) {
    for (const bool inverted : {false, true}) {
        const Mask feathered = feather(to_bytes(bits), sigma);
        const Mask expected = inverted ? invert(feathered) : feathered;
        const Written result = written(bits, sigma, inverted);
        EXPECT_EQ(result.mask, expected) << to_string(bits.size()) << " sigma " << sigma;
        EXPECT_EQ(result.facts.size, bits.size());
        EXPECT_EQ(result.facts.bounds, selected_bounds(expected));
        EXPECT_EQ(result.facts.coverage, coverage_fraction(expected));
    }
}

BitMask drawn(Size size, const PlacedRegion& region) {
    BitMask bits(size);
    draw(region, bits);
    return bits;
}

TEST(MaskRows, EqualFeatherAndInvert) {
    for (const Size size : {Size{1, 1}, Size{1, 50}, Size{50, 1}, Size{64, 64}, Size{129, 70}}) {
        for (const double sigma : {-1.0, 0.0, 0.4, 4.0, 40.0}) {
            for (const double density : {0.0, 0.01, 0.5, 1.0}) {
                expect_like_whole_mask(random_bits(size, density, 3), sigma);
            }
        }
    }
    const PlacedRegion ellipse{RegionShape::ellipse, 20, 30, 150, 90};
    expect_like_whole_mask(drawn({190, 120}, ellipse), 3.0);
}

TEST(MaskRows, EqualRowsAreRepeats) {
    const BitMask box = drawn({300, 200}, {RegionShape::rectangle, 50, 60, 200, 120});
    EXPECT_EQ(written(box, 0, false).repeated, 200 - 3);
    EXPECT_EQ(written(box, 0, true).repeated, 200 - 3);
    EXPECT_GE(written(box, 2, true).repeated, 200 - 1 - 2 * (2 * feather_reach(2) + 4));
}

TEST(MaskRows, RefuseWhatIsNoSigma) {
    EXPECT_THROW((void)written(BitMask(Size{3, 3}), 1e9, false), Error);
}

}  // namespace
}  // namespace editprep::imaging
