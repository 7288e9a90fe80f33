#include "mask_tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {
namespace {

/// Looks at every pixel.
void expect_tally(const Mask& mask) {
    Rect bounds;
    std::int64_t sum = 0;
    MaskTally tally(mask.size());
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            sum += mask.row(y)[x];
            if (mask.row(y)[x] != 0) {
                bounds = bounds.empty() ? Rect{x, y, x + 1, y + 1}
                                        : Rect{std::min(bounds.left, x), bounds.top,
                                               std::max(bounds.right, x + 1), y + 1};
            }
        }
        const bool is_repeat =
            y > 0 && std::equal(mask.row(y), mask.row(y) + mask.width(), mask.row(y - 1));
        tally.add(is_repeat ? nullptr : mask.row(y));
    }
    EXPECT_EQ(tally.bounds(), bounds) << to_string(mask.size());
    EXPECT_DOUBLE_EQ(tally.coverage(),
                     static_cast<double>(sum) / 255.0 / static_cast<double>(mask.size().area()));
}

TEST(MaskTally, EqualsPixelByPixel) {
    std::mt19937 random(4);
    for (int width = 1; width <= 130; ++width) {
        Mask mask(Size{width, 12}, 0);
        expect_tally(mask);
        // From a first pixel on, ever more of them.
        for (int i = 0; i < 20; ++i) {
            mask.bytes()[random() % mask.bytes().size()] = static_cast<std::uint8_t>(random());
            expect_tally(mask);
        }
    }
}

TEST(MaskTally, RepeatedRowsCountAgain) {
    const Mask row(Size{70, 1}, 51);
    MaskTally tally({70, 4});
    tally.add(row.row(0));
    tally.add(nullptr);
    tally.add(nullptr);
    EXPECT_EQ(tally.bounds(), (Rect{0, 0, 70, 3}));
    EXPECT_DOUBLE_EQ(tally.coverage(), 0.2 * 3 / 4);
}

}  // namespace
}  // namespace editprep::imaging
