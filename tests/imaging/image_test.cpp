#include "editprep/imaging/image.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::noise_image;

TEST(Image, RowsArePacked) {
    Image image({5, 3}, Channels::rgb);
    EXPECT_EQ(image.stride(), 15U);
    EXPECT_EQ(image.bytes().size(), 45U);
    EXPECT_EQ(image.row(2), image.bytes().data() + 30);
}

TEST(Image, CopiesAreIndependentAndMovesLeaveNothing) {
    Image image = noise_image({4, 4}, Channels::grey);
    Image copy = image;
    copy.row(0)[0] = static_cast<std::uint8_t>(copy.row(0)[0] + 1);
    EXPECT_NE(copy, image);
    const Image moved = std::move(copy);
    EXPECT_EQ(moved.width(), 4);
    image = moved;
    EXPECT_EQ(image, moved);
}

TEST(Image, RefusesSizesWithoutPixels) {
    EXPECT_THROW(Image({0, 3}, Channels::rgb), Error);
    EXPECT_THROW(Image({3, -1}, Channels::rgb), Error);
}

TEST(Convert, EveryWidthAroundAVector) {
    for (const int width : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100}) {
        const Image grey = noise_image({width, 2}, Channels::grey);
        const Image rgba = noise_image({width, 2}, Channels::rgba);
        EXPECT_EQ(to_rgb(grey), make_image({width, 2}, Channels::rgb, [&](int x, int y) {
                      const std::uint8_t v = grey.row(y)[x];
                      return Color{v, v, v};
                  }));
        EXPECT_EQ(to_rgba(grey), to_rgba(to_rgb(grey)));
        EXPECT_EQ(to_rgb(rgba), make_image({width, 2}, Channels::rgb, [&](int x, int y) {
                      const std::uint8_t* p = rgba.row(y) + 4 * x;
                      return Color{p[0], p[1], p[2]};
                  }));
        EXPECT_EQ(to_rgb(to_rgba(to_rgb(rgba))), to_rgb(rgba));
        EXPECT_FALSE(has_transparency(to_rgba(to_rgb(rgba))));
    }
}

TEST(HasTransparency, OneSoftPixelIsEnough) {
    Image image = to_rgba(noise_image({131, 7}, Channels::rgb));
    EXPECT_FALSE(has_transparency(image));
    image.row(6)[4 * 130 + 3] = 254;
    EXPECT_TRUE(has_transparency(image));
    EXPECT_FALSE(has_transparency(to_rgb(image)));
}

TEST(SolidImage, HasOneColourEverywhere) {
    EXPECT_EQ(solid_image({3, 2}, Channels::rgba, {1, 2, 3, 4}),
              make_image({3, 2}, Channels::rgba, [](int, int) {
                  return Color{1, 2, 3, 4};
              }));
    EXPECT_EQ(solid_image({7, 5}, Channels::rgb, {9, 8, 7, 0}),
              make_image({7, 5}, Channels::rgb, [](int, int) {
                  return Color{9, 8, 7};
              }));
}

}  // namespace
}  // namespace editprep::imaging
