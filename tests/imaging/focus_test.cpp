#include "editprep/imaging/focus.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/resize.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_image;

const FocusWishes kThreeSizes{.sizes = {{1024, 1024}, {1536, 1024}, {1024, 1536}}};

bool holds(const Rect& outer, const Rect& inner) { return intersect(outer, inner) == inner; }

FocusPlan planned(Size picture, const Rect& selected, const FocusPadding& padding = {},
                  const FocusWishes& wishes = {}) {
    const auto plan = plan_focus(picture, selected, padding, wishes);
    EXPECT_TRUE(plan.has_value());
    return plan.value_or(FocusPlan{});
}

/// What a photograph is to a resampler: no detail that only one pixel has.
Image smooth_image(Size size, Channels channels = Channels::rgb) {
    return make_image(size, channels, [&](int x, int y) {
        const auto wave = [](double phase) {
            return static_cast<std::uint8_t>(std::lround(127.5 + 110.0 * std::sin(phase)));
        };
        return Color{wave(x * 0.11 + y * 0.02), wave(y * 0.13), wave((x + y) * 0.07),
                     wave(x * 0.05)};
    });
}

double psnr(const Image& a, const Image& b, const Mask& mask) {
    double sum = 0;
    std::int64_t count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width() * a.channel_count(); ++x) {
            if (mask.row(y)[x / a.channel_count()] != 0) {
                const int difference = a.row(y)[x] - b.row(y)[x];
                sum += difference * difference;
                ++count;
            }
        }
    }
    return sum == 0 ? 99.0 : 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(count) / sum);
}

TEST(PlanFocus, TakesTheSurroundingsOfTheSelectionAlong) {
    // A quarter of 400 on every side, and the side that a square wants.
    const FocusPlan plan =
        planned({4000, 3000}, {1000, 1000, 1400, 1300}, {}, {.sizes = {{1024, 1024}}});
    EXPECT_EQ(plan.crop, (Rect{900, 850, 1500, 1450}));
    EXPECT_EQ(plan.sent_size, (Size{1024, 1024}));
    const FocusPlan exact =
        planned({4000, 3000}, {1000, 1000, 1400, 1300}, {.pixels = 10}, {.sizes = {{1024, 1024}}});
    EXPECT_EQ(exact.crop, (Rect{990, 940, 1410, 1360}));
}

TEST(PlanFocus, AFewPixelsGetMoreThanTheirShare) {
    const FocusPlan plan =
        planned({4000, 3000}, {2000, 1500, 2001, 1501}, {}, {.sizes = {{1024, 1024}}});
    EXPECT_EQ(plan.crop.size(), (Size{129, 129}));
    EXPECT_TRUE(holds(plan.crop, {2000, 1500, 2001, 1501}));
}

TEST(PlanFocus, TheShapeThatTakesTheLeastOfThePictureWins) {
    EXPECT_EQ(planned({6000, 6000}, {3000, 3000, 3500, 3500}, {}, kThreeSizes).sent_size,
              (Size{1024, 1024}));
    EXPECT_EQ(planned({6000, 6000}, {3000, 3000, 4500, 3500}, {}, kThreeSizes).sent_size,
              (Size{1536, 1024}));
    EXPECT_EQ(planned({6000, 6000}, {3000, 3000, 3500, 4500}, {}, kThreeSizes).sent_size,
              (Size{1024, 1536}));
}

TEST(PlanFocus, AnotherShapeIsTakenWhereThePictureIsTooSmallForTheBest) {
    // A square would fit best, but the picture has no room for it.
    const FocusPlan plan = planned({2000, 560}, {700, 20, 1300, 540}, {.pixels = 10}, kThreeSizes);
    EXPECT_EQ(plan.sent_size, (Size{1536, 1024}));
    EXPECT_LT(stretch_of(plan), 1.01);
}

TEST(PlanFocus, APictureTooSmallForEveryShapeIsStretchedIntoTheNearest) {
    const FocusPlan plan = planned({3000, 300}, {100, 100, 2900, 200}, {}, kThreeSizes);
    EXPECT_EQ(plan.crop, (Rect{0, 0, 3000, 300}));
    EXPECT_EQ(plan.sent_size, (Size{1536, 1024}));
    EXPECT_GT(stretch_of(plan), 6.0);
}

TEST(PlanFocus, ACropNearlyAsLargeAsTheSizeIsNotResampled) {
    const FocusPlan plan =
        planned({4000, 3000}, {1000, 1000, 1600, 1600}, {}, {.sizes = {{1024, 1024}}});
    EXPECT_EQ(plan.crop.size(), (Size{1024, 1024}));
    EXPECT_TRUE(holds(plan.crop, {850, 850, 1750, 1750}));
    const Image image = noise_image({4000, 3000}, Channels::rgb);
    EXPECT_EQ(cut_focus(image, plan), crop(image, plan.crop));
}

TEST(PlanFocus, ModelsWithoutAPreferenceGetAboutAMegapixelInBlocks) {
    const FocusPlan small = planned({4000, 3000}, {1000, 1000, 1300, 1100});
    EXPECT_NEAR(static_cast<double>(small.sent_size.area()), 1024.0 * 1024.0, 60'000);
    EXPECT_EQ(small.sent_size.width % 16, 0);
    EXPECT_EQ(small.sent_size.height % 16, 0);
    EXPECT_LT(stretch_of(small), 1.03);

    const FocusPlan large = planned({8000, 6000}, {1000, 1000, 5000, 4000});
    EXPECT_LE(large.sent_size.area(), 1536 * 1024);
    EXPECT_GT(large.sent_size.area(), 1'400'000);
}

TEST(PlanFocus, ShapesAreKeptWhereOnlySomeAreKnown) {
    const FocusWishes wishes{.shapes = {{1, 1}, {16, 9}, {9, 16}}};
    const FocusPlan plan = planned({4000, 4000}, {1000, 1000, 1900, 1400}, {}, wishes);
    EXPECT_NEAR(static_cast<double>(plan.sent_size.width) / plan.sent_size.height, 16.0 / 9, 0.03);
    EXPECT_NEAR(static_cast<double>(plan.crop.width()) / plan.crop.height(), 16.0 / 9, 0.03);
}

TEST(PlanFocus, LimitsHoldForWhatIsSent) {
    const FocusWishes wishes{.min_pixels = 655'360,
                             .max_pixels = 2'000'000,
                             .multiple_of = 16,
                             .min_side = 300,
                             .max_side = 2048,
                             .min_aspect = 1.0 / 3,
                             .max_aspect = 3.0};
    std::mt19937 random(7);
    for (int i = 0; i < 2000; ++i) {
        const auto below = [&](int limit) { return static_cast<int>(random() % unsigned(limit)); };
        const Size picture{1000 + below(5000), 1000 + below(5000)};
        const Rect selected{below(500), below(500), 501 + below(picture.width - 500),
                            501 + below(picture.height - 500)};
        const auto plan = plan_focus(picture, selected, {}, wishes);
        ASSERT_TRUE(plan);
        const Size sent = plan->sent_size;
        const std::string shown = to_string(picture) + " " + to_string(selected.size()) + " -> " +
                                  to_string(plan->crop.size()) + " -> " + to_string(sent);
        ASSERT_TRUE(holds(bounds_of(picture), plan->crop)) << shown;
        ASSERT_TRUE(holds(plan->crop, selected)) << shown;
        ASSERT_GE(sent.area(), 655'360) << shown;
        ASSERT_LE(sent.area(), 2'000'000) << shown;
        ASSERT_GE(std::min(sent.width, sent.height), 300) << shown;
        ASSERT_LE(std::max(sent.width, sent.height), 2048) << shown;
        ASSERT_LE(std::max(sent.width, sent.height), 3 * std::min(sent.width, sent.height))
            << shown;
        ASSERT_EQ(sent.width % 16 + sent.height % 16, 0) << shown;
    }
}

TEST(PlanFocus, CornersAndTinyPicturesStayInsideThePicture) {
    for (const Size picture : {Size{1, 2}, Size{2, 1}, Size{40, 30}, Size{100, 7}, Size{5000, 3}}) {
        const Rect corners[] = {
            {0, 0, 1, 1}, {picture.width - 1, picture.height - 1, picture.width, picture.height}};
        for (const Rect& selected : corners) {
            for (const FocusWishes& wishes : {FocusWishes{}, kThreeSizes}) {
                const FocusPlan plan = planned(picture, selected, {}, wishes);
                EXPECT_TRUE(holds(bounds_of(picture), plan.crop)) << to_string(picture);
                EXPECT_TRUE(holds(plan.crop, selected)) << to_string(picture);
                EXPECT_GT(plan.sent_size.area(), 0);
            }
        }
    }
}

TEST(PlanFocus, ThereIsNoPartToLookAtInNothingAndInEverything) {
    EXPECT_FALSE(plan_focus({100, 80}, {}, {}, {}));
    EXPECT_FALSE(plan_focus({100, 80}, {0, 0, 100, 80}, {}, {}));
    const auto nearly = plan_focus({100, 80}, {0, 0, 100, 79}, {}, {});
    ASSERT_TRUE(nearly);
    EXPECT_GT(crop_share(*nearly, {100, 80}), 0.9);
}

TEST(PlanFocus, AnyPaddingIsCutToThePicture) {
    for (const FocusPadding& padding :
         {FocusPadding{.pixels = 2'000'000'000}, FocusPadding{.percent = 1e300}}) {
        const FocusPlan plan = planned({300, 200}, {10, 10, 20, 20}, padding);
        EXPECT_EQ(plan.crop, (Rect{0, 0, 300, 200}));
    }
}

TEST(CutFocus, AThinMaskStaysWhereTheCropIsScaledDown) {
    const Mask line = make_mask(
        {4000, 3000}, [](int x, int y) { return y == 1500 && x >= 200 && x < 3800 ? 255 : 0; });
    const FocusPlan plan = planned(line.size(), selected_bounds(line), {}, kThreeSizes);
    ASSERT_LT(plan.sent_size.width, plan.crop.width());
    const Mask cut = cut_focus(line, plan);
    int selected = 0;
    for (const std::uint8_t value : cut.bytes()) {
        EXPECT_TRUE(value == 0 || value == 255);
        selected += value == 255 ? 1 : 0;
    }
    EXPECT_GT(selected, cut.width() * 8 / 10);
}

struct RoundTrip {
    Size picture;
    Rect selected;
    Channels channels;
};

class FocusRoundTrip : public ::testing::TestWithParam<RoundTrip> {};

TEST_P(FocusRoundTrip, LeavesThePictureAsItWas) {
    const auto& [size, selected, channels] = GetParam();
    const Image picture = smooth_image(size, channels);
    const Mask mask = make_mask(size, [&selected = selected](int x, int y) {
        return intersect(selected, {x, y, x + 1, y + 1}).empty() ? 0 : (x + y) % 7 == 0 ? 128 : 255;
    });
    const FocusPlan plan = planned(size, selected, {}, kThreeSizes);
    const Image sent = cut_focus(picture, plan);
    ASSERT_EQ(sent.size(), plan.sent_size);
    ASSERT_EQ(cut_focus(mask, plan).size(), plan.sent_size);
    const Image result = paste_focus(picture, sent, mask, plan.crop);
    EXPECT_EQ(result.channels(), picture.channels());
    EXPECT_EQ(compare_kept(picture, result, mask).changed_pixels, 0);
    EXPECT_GT(psnr(picture, result, mask), 40.0);
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, FocusRoundTrip,
    ::testing::Values(RoundTrip{{1200, 900}, {500, 300, 620, 380}, Channels::rgb},
                      RoundTrip{{1200, 900}, {0, 0, 1, 1}, Channels::rgb},
                      RoundTrip{{1200, 900}, {1100, 820, 1200, 900}, Channels::grey},
                      RoundTrip{{300, 200}, {10, 20, 90, 120}, Channels::rgb},
                      RoundTrip{{1200, 900}, {100, 100, 1000, 850}, Channels::rgba},
                      RoundTrip{{900, 120}, {100, 10, 700, 110}, Channels::rgb}));

TEST(PasteFocus, TheEditedPictureShowsWhereTheMaskIsFull) {
    const Image picture = smooth_image({400, 300});
    const Mask mask =
        make_mask({400, 300}, [](int x, int y) { return x >= 200 && y >= 150 ? 255 : 0; });
    const Rect rect{150, 100, 400, 300};
    const Image edited = noise_image(rect.size(), Channels::rgb, 5);
    const Image result = paste_focus(picture, edited, mask, rect);
    EXPECT_EQ(crop(result, {200, 150, 400, 300}), crop(edited, {50, 50, 250, 200}));
    EXPECT_EQ(compare_kept(picture, result, mask).changed_pixels, 0);
}

TEST(PasteFocus, AnAnswerOfAnySizeAndKindIsTaken) {
    const Image picture = smooth_image({200, 150});
    const Mask mask = make_mask({200, 150}, [](int x, int) { return x < 80 ? 255 : 0; });
    const Rect rect{0, 0, 100, 150};
    const Image flat = solid_image({7, 900}, Channels::grey, {90, 90, 90});
    const Image grey = paste_focus(picture, flat, mask, rect);
    EXPECT_EQ(grey.channels(), Channels::rgb);
    EXPECT_EQ(grey.row(70)[3 * 40], 90);
    const Image clear =
        paste_focus(picture, solid_image({64, 64}, Channels::rgba, {0, 0, 0, 0}), mask, rect);
    EXPECT_EQ(clear.channels(), Channels::rgba);
    EXPECT_EQ(clear.row(70)[4 * 40 + 3], 0);
    EXPECT_EQ(compare_kept(picture, clear, mask).changed_pixels, 0);
}

TEST(PasteFocus, WhatDoesNotFitIsRefused) {
    const Image picture = smooth_image({40, 30});
    const Mask mask(Size{40, 30}, 255);
    EXPECT_THROW((void)paste_focus(picture, picture, Mask(Size{30, 40}, 0), {0, 0, 10, 10}), Error);
    EXPECT_THROW((void)paste_focus(picture, picture, mask, {35, 0, 45, 10}), Error);
    EXPECT_THROW((void)paste_focus(picture, picture, mask, {}), Error);
}

}  // namespace
}  // namespace editprep::imaging
