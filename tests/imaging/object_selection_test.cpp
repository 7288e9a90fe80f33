#include "editprep/imaging/object_selection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::two_squares;

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
    const Image cut_out = testing::fixture_s3();
    const Selection selection = select_object(cut_out);
    EXPECT_EQ(selection.mode_used, SelectionMode::alpha);
    const Mask alpha =
        make_mask(cut_out.size(), [&](int x, int y) { return cut_out.row(y)[4 * x + 3]; });
    EXPECT_EQ(selection.mask, alpha) << "with its soft edges";
}

TEST(AutomaticSelection, FallsBackToTheBackdropWhenAlphaSaysNothing) {
    const Image opaque = to_rgba(testing::fixture_s1());
    for (const Image& image : {opaque, testing::fixture_s1()}) {
        EXPECT_EQ(select_object(image).mode_used, SelectionMode::backdrop);
    }
}

TEST(SelectionConfidence, AlphaIsSureUnlessItSaysNothing) {
    const Image cut_out = testing::fixture_s3();
    const Image opaque = to_rgba(testing::fixture_s1());
    const auto by_alpha = [](const Image& image, int threshold) {
        return select_object(image, {SelectionMode::alpha, threshold});
    };
    EXPECT_EQ(by_alpha(cut_out, 40).confidence, 1.0);
    EXPECT_TRUE(by_alpha(cut_out, 40).doubts.empty());
    for (const Image& image : {opaque, testing::fixture_s1()}) {
        EXPECT_EQ(by_alpha(image, 40).confidence, 0.0);
        EXPECT_EQ(by_alpha(image, 40).doubts, std::vector{SelectionDoubt::touches_all_sides});
    }
    EXPECT_EQ(by_alpha(cut_out, 256).confidence, 0.0);
    EXPECT_EQ(by_alpha(cut_out, 256).doubts, std::vector{SelectionDoubt::nothing_found});
}

TEST(SelectionConfidence, CornerColourMakesNoJudgement) {
    const Selection selection = select_object(
        testing::fixture_s1(), {.mode = SelectionMode::corner_bg, .box = Rect{0, 0, 5, 5}});
    EXPECT_EQ(selection.confidence, std::nullopt);
    EXPECT_EQ(selection.doubts, std::vector{SelectionDoubt::nothing_left}) << "within the box";
    EXPECT_TRUE(selection.plate.empty());
    EXPECT_TRUE(
        select_object(testing::fixture_s1(), {.mode = SelectionMode::corner_bg}).doubts.empty());
}

TEST(SelectionConfidence, HintsThatLeaveNothingAreDoubted) {
    const Selection selection = select_object(
        testing::fixture_s3(), {.mode = SelectionMode::alpha, .box = Rect{0, 0, 5, 5}});
    EXPECT_EQ(selection.mask, Mask(Size{40, 30}, 0));
    EXPECT_EQ(selection.confidence, 0.0);
    EXPECT_EQ(selection.doubts, std::vector{SelectionDoubt::nothing_left});
}

SelectionOptions corner_options() { return {.mode = SelectionMode::corner_bg}; }

/// A frame and a smaller square; with a point in the frame its specks would be all that is left.
TEST(SelectionConfidence, ABackgroundPointThatLeavesLittleIsDoubted) {
    Image picture = two_squares();
    SelectionOptions options = corner_options();
    options.background_points = {{45, 25}};
    EXPECT_TRUE(select_object(picture, options).doubts.empty());
    for (int y = 20; y < 32; ++y) {
        for (int x = 40; x < 52; ++x) {
            if (x > 41 || y > 21) {
                std::copy_n(picture.row(0), 3, picture.row(y) + 3 * x);
            }
        }
    }
    options.background_points = {{5, 9}};
    EXPECT_EQ(select_object(picture, options).doubts, std::vector{SelectionDoubt::little_left});
}

TEST(SelectionHints, ObjectPointsKeepTheirParts) {
    SelectionOptions options = corner_options();
    options.object_points = {{45, 25}};
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).mask), (Rect{40, 20, 52, 32}));
    options.object_points.push_back({5, 9});
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).mask), (Rect{4, 8, 52, 32}));
}

TEST(SelectionHints, WhatAnObjectPointLeavesOutIsKnown) {
    SelectionOptions options = corner_options();
    EXPECT_TRUE(select_object(two_squares(), options).others.empty());
    options.object_points = {{45, 25}};
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).others), (Rect{4, 8, 24, 30}));
    // Background is no other object.
    options.background_points = {{5, 9}};
    EXPECT_TRUE(select_object(two_squares(), options).others.empty());
}

TEST(SelectionHints, BackgroundPointsDropTheirParts) {
    SelectionOptions options = corner_options();
    options.background_points = {{45, 25}, {0, 0}};
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).mask), (Rect{4, 8, 24, 30}));
}

TEST(SelectionHints, TheBoxMayReachBeyondThePicture) {
    SelectionOptions options = corner_options();
    options.box = Rect{30, -10, 45, 4000};
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).mask), (Rect{40, 20, 45, 32}));
}

TEST(SelectionHints, LargestPartAndHoles) {
    SelectionOptions options = corner_options();
    options.keep_largest = true;
    const Mask frame = select_object(two_squares(), options).mask;
    EXPECT_EQ(selected_bounds(frame), (Rect{4, 8, 24, 30}));
    EXPECT_EQ(frame.row(16)[12], 0);
    options.fill_holes = true;
    EXPECT_EQ(select_object(two_squares(), options).mask.row(16)[12], 255);
}

TEST(SelectionHints, TheLargestPartIsOneOfThosePointedAt) {
    SelectionOptions options = corner_options();
    options.keep_largest = true;
    options.object_points = {{45, 25}};
    EXPECT_EQ(selected_bounds(select_object(two_squares(), options).mask), (Rect{40, 20, 52, 32}));
}

TEST(SelectionHints, OutsideOfThePictureTheyAreRefused) {
    const auto message_for = [](const SelectionOptions& options) -> std::string {
        try {
            static_cast<void>(select_object(two_squares(), options));
            return "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_argument);
            return error.what();
        }
    };
    SelectionOptions object = corner_options();
    object.object_points = {{1, 1}, {60, 3}};
    EXPECT_EQ(message_for(object),
              "the object point 60:3 lies outside of the picture, which is 60x40");
    SelectionOptions background = corner_options();
    background.background_points = {{5, -1}};
    EXPECT_EQ(message_for(background),
              "the background point 5:-1 lies outside of the picture, which is 60x40");
    SelectionOptions box = corner_options();
    box.box = Rect{60, 0, 70, 10};
    EXPECT_EQ(message_for(box), "the box lies outside of the picture, which is 60x40");
}

}  // namespace
}  // namespace editprep::imaging
