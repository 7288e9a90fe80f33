#include "editprep/imaging/image_compare.hpp"

#include <gtest/gtest.h>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_mask;
using testing::noise_image;

TEST(Compare, EqualPicturesDoNotDiffer) {
    const Image image = noise_image({12, 9}, Channels::rgb);
    const Difference none = compare(image, to_rgba(image));
    EXPECT_EQ(none.largest, 0);
    EXPECT_EQ(none.changed_pixels, 0);
    EXPECT_EQ(none.compared_pixels, 108);
}

TEST(Compare, MeasuresOneChangedPixel) {
    const Image before = solid_image({10, 10}, Channels::rgb, {100, 100, 100});
    Image after = before;
    after.row(4)[3 * 7] = 140;
    const Difference difference = compare(before, after);
    EXPECT_EQ(difference.largest, 40);
    EXPECT_EQ(difference.changed_pixels, 1);
    EXPECT_DOUBLE_EQ(difference.mean, 40.0 / 400);
    const Mask hides_it =
        make_mask({10, 10}, [](int x, int y) { return x == 7 && y == 4 ? 1 : 0; });
    EXPECT_EQ(compare_kept(before, after, hides_it).changed_pixels, 0);
    EXPECT_EQ(compare_kept(before, after, hides_it).compared_pixels, 99);
    EXPECT_EQ(compare_kept(before, after, Mask(Size{10, 10}, 0)).changed_pixels, 1);
}

TEST(Compare, RefusesDifferentSizes) {
    EXPECT_THROW(
        (void)compare(noise_image({3, 3}, Channels::rgb), noise_image({3, 4}, Channels::rgb)),
        Error);
}

}  // namespace
}  // namespace editprep::imaging
