#include "editprep/imaging/object_selection.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_image;

Mask by_corners(const Image& image, int threshold, int sample_size = 8) {
    return select_object(image, {SelectionMode::corner_bg, threshold, sample_size}).mask;
}

Mask by_alpha(const Image& image, int threshold) {
    return select_object(image, {SelectionMode::alpha, threshold, 8}).mask;
}

TEST(CornerBackdrop, SelectsByEuclideanDistance) {
    const Color backdrop{250, 250, 250};
    for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
        Image image = noise_image({97, 61}, channels, 5);
        for (const int y : {0, 60}) {
            for (const int x : {0, 96}) {
                std::fill_n(image.row(y) + x * image.channel_count(), image.channel_count(), 250);
            }
        }
        for (const int threshold : {1, 40, 150, 441}) {
            const Selection selection =
                select_object(image, {SelectionMode::corner_bg, threshold, 1});
            EXPECT_EQ(selection.backdrop, backdrop);
            const Image rgb = to_rgb(image);
            const Mask expected = make_mask(image.size(), [&](int x, int y) {
                const std::uint8_t* p = rgb.row(y) + 3 * x;
                const double distance = std::sqrt(
                    std::pow(p[0] - 250, 2) + std::pow(p[1] - 250, 2) + std::pow(p[2] - 250, 2));
                return distance >= threshold ? 255 : 0;
            });
            EXPECT_EQ(selection.mask, expected) << threshold;
        }
    }
}

TEST(CornerBackdrop, MeanIsTruncated) {
    // Four corners of 10, 10, 10 and 13: mean 10.75.
    const Image image = make_image({5, 5}, Channels::rgb, [](int x, int y) {
        const std::uint8_t value = x == 4 && y == 4 ? 13 : 10;
        return Color{value, value, value};
    });
    EXPECT_EQ(select_object(image, {SelectionMode::corner_bg, 40, 1}).backdrop,
              (Color{10, 10, 10}));
}

TEST(CornerBackdrop, SampleSizeIsClampedToThePicture) {
    const Image image = noise_image({9, 30}, Channels::rgb, 2);
    EXPECT_EQ(by_corners(image, 100, 5000), by_corners(image, 100, 9));
    EXPECT_EQ(by_corners(image, 100, 0), by_corners(image, 100, 1));
    EXPECT_EQ(by_corners(image, 100, -3), by_corners(image, 100, 1));
}

TEST(CornerBackdrop, ThresholdBeyondTheEnds) {
    const Image image = noise_image({20, 20}, Channels::rgb);
    EXPECT_EQ(by_corners(image, 0), Mask(image.size(), 255));
    EXPECT_EQ(by_corners(image, -7), Mask(image.size(), 255));
    EXPECT_EQ(by_corners(image, 442), Mask(image.size(), 0));
    EXPECT_EQ(by_corners(image, 2'000'000'000), Mask(image.size(), 0));
}

TEST(CornerBackdrop, OnePixelPictureIsAllBackdrop) {
    EXPECT_EQ(by_corners(noise_image({1, 1}, Channels::rgb), 1), Mask(Size{1, 1}, 0));
}

TEST(AlphaSelection, TakesLevelsAtOrAboveTheThreshold) {
    const Image image = make_image({256, 2}, Channels::rgba, [](int x, int) {
        return Color{1, 2, 3, static_cast<std::uint8_t>(x)};
    });
    for (const int threshold : {1, 40, 128, 255}) {
        const Mask expected =
            make_mask(image.size(), [&](int x, int) { return x >= threshold ? 255 : 0; });
        EXPECT_EQ(by_alpha(image, threshold), expected) << threshold;
    }
    EXPECT_EQ(by_alpha(image, 0), Mask(image.size(), 255));
    EXPECT_EQ(by_alpha(image, 256), Mask(image.size(), 0));
}

TEST(AlphaSelection, WithoutAlphaEverythingIsOpaque) {
    const Image image = noise_image({5, 4}, Channels::rgb);
    EXPECT_EQ(by_alpha(image, 255), Mask(image.size(), 255));
    EXPECT_EQ(by_alpha(image, 256), Mask(image.size(), 0));
}

TEST(AutomaticSelection, PrefersAMeaningfulAlpha) {
    const Selection selection = select_object(testing::fixture_s3());
    EXPECT_EQ(selection.mode_used, SelectionMode::alpha);
    EXPECT_EQ(selection.mask, by_alpha(testing::fixture_s3(), 40));
}

TEST(AutomaticSelection, FallsBackWhenAlphaSaysNothing) {
    const Image opaque = to_rgba(testing::fixture_s1());
    for (const Image& image : {opaque, testing::fixture_s1()}) {
        const Selection selection = select_object(image);
        EXPECT_EQ(selection.mode_used, SelectionMode::corner_bg);
        EXPECT_EQ(selected_bounds(selection.mask), (Rect{20, 10, 41, 31}));
    }
}

}  // namespace
}  // namespace editprep::imaging
