#include "backdrop/told_stretches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include "drawn_scene.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::share_within;

constexpr Size kPicture{160, 120};
constexpr int kScale = 2;
constexpr Color kBackdrop{200, 200, 200, 255};
constexpr Color kShade{150, 150, 150, 255};
constexpr Color kBody{120, 40, 40, 255};
constexpr Rect kBodyPlace{30, 20, 130, 100};
constexpr Rect kGap{60, 40, 90, 70};
constexpr Point kInGap{75, 55};

bool lies_in(const Rect& rect, int x, int y) {
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

/// A body with a gap in it.
Image body_with_gap(Color gap) {
    return make_image(kPicture, Channels::rgb, [&](int x, int y) {
        if (lies_in(kGap, x, y)) {
            return gap;
        }
        return lies_in(kBodyPlace, x, y) ? kBody : kBackdrop;
    });
}

Mask mask_of(const Rect& rect) {
    return make_mask(kPicture, [&](int x, int y) { return lies_in(rect, x, y) ? 255 : 0; });
}

Mask all_of_body() { return mask_of(kBodyPlace); }

Mask body_but_gap() {
    return make_mask(kPicture, [](int x, int y) {
        return lies_in(kBodyPlace, x, y) && !lies_in(kGap, x, y) ? 255 : 0;
    });
}

/// What becomes of the mask.
Mask follow(const Image& picture, Mask mask, const std::vector<Point>& background,
            const std::vector<Point>& object = {}, float noise = 0.5F) {
    Planes light;
    light.fill(Plane({kPicture.width / kScale, kPicture.height / kScale}, kBackdrop.red));
    SelectionOptions options;
    options.background_points = background;
    options.object_points = object;
    follow_points(options, picture, {light, {noise, noise, noise}}, kScale, mask);
    return mask;
}

TEST(ToldStretches, ABackgroundPointOpensTheGapThatItLiesIn) {
    for (const Color gap : {kBackdrop, kShade}) {
        EXPECT_EQ(follow(body_with_gap(gap), all_of_body(), {kInGap}), body_but_gap());
    }
}

TEST(ToldStretches, WhatDoesNotLookLikeTheBackdropStaysAsItIs) {
    for (const Color gap :
         {Color{40, 60, 160, 255}, Color{230, 230, 230, 255}, Color{25, 25, 25, 255}}) {
        EXPECT_EQ(follow(body_with_gap(gap), all_of_body(), {kInGap}), all_of_body());
    }
}

TEST(ToldStretches, AShadedFaceIsNoGap) {
    // Grey as a shadow is in the middle, and something else at its ends, without an edge between.
    const Image picture = make_image(kPicture, Channels::rgb, [](int x, int y) {
        if (!lies_in(kBodyPlace, x, y)) {
            return kBackdrop;
        }
        const int off = std::abs(x - 80);
        return Color{static_cast<std::uint8_t>(150 - off), static_cast<std::uint8_t>(150 - 2 * off),
                     static_cast<std::uint8_t>(150 - 2 * off), 255};
    });
    EXPECT_EQ(follow(picture, all_of_body(), {{80, 60}}), all_of_body());
}

TEST(ToldStretches, TheLargerPartIsNoGap) {
    const Image picture = make_image(kPicture, Channels::rgb, [](int x, int y) {
        return lies_in(kBodyPlace, x, y) ? (x < 100 ? kShade : kBody) : kBackdrop;
    });
    EXPECT_EQ(follow(picture, all_of_body(), {{60, 60}}), all_of_body());
}

TEST(ToldStretches, OfTwoGapsOnlyTheOneThatIsPointedAtOpens) {
    static constexpr Rect kOther{100, 40, 120, 70};
    const Image picture = make_image(kPicture, Channels::rgb, [](int x, int y) {
        const bool is_gap = lies_in(kGap, x, y) || lies_in(kOther, x, y);
        return lies_in(kBodyPlace, x, y) && !is_gap ? kBody : kBackdrop;
    });
    EXPECT_EQ(follow(picture, all_of_body(), {kInGap}), body_but_gap());
    const Mask both = follow(picture, all_of_body(), {kInGap, {110, 50}});
    EXPECT_EQ(both, follow(picture, all_of_body(), {{110, 50}, kInGap}));
    EXPECT_EQ(share_within(both, kOther), 0);
    EXPECT_EQ(share_within(both, kGap), 0);
}

TEST(ToldStretches, NoiseIsNoEdge) {
    Image picture = body_with_gap(kShade);
    std::mt19937 random(1);
    std::normal_distribution<float> noise(0, 8);
    for (std::uint8_t& value : picture.bytes()) {
        value = static_cast<std::uint8_t>(
            std::clamp(static_cast<float>(value) + noise(random), 0.0F, 255.0F));
    }
    const Mask mask = follow(picture, all_of_body(), {kInGap}, {}, 8);
    EXPECT_LT(share_within(mask, {64, 44, 86, 66}), 0.02);
    EXPECT_GT(share_within(mask, {30, 20, 54, 100}), 0.99);
}

TEST(ToldStretches, TheEdgeIsAsSoftAsThePicture) {
    // The gap's left edge passes over four pixels.
    const Image picture = make_image(kPicture, Channels::rgb, [](int x, int y) {
        if (!lies_in(kBodyPlace, x, y)) {
            return kBackdrop;
        }
        if (y < kGap.top || y >= kGap.bottom || x >= kGap.right) {
            return kBody;
        }
        const float share = std::clamp((static_cast<float>(x) - 57.5F) / 4, 0.0F, 1.0F);
        const auto between = [share](std::uint8_t from, std::uint8_t to) {
            return static_cast<std::uint8_t>(std::lround((1 - share) * static_cast<float>(from) +
                                                         share * static_cast<float>(to)));
        };
        return Color{between(kBody.red, kBackdrop.red), between(kBody.green, kBackdrop.green),
                     between(kBody.blue, kBackdrop.blue), 255};
    });
    const Mask mask = follow(picture, all_of_body(), {kInGap});
    const std::uint8_t* row = mask.row(55);
    EXPECT_EQ(row[56], 255);
    EXPECT_NEAR(row[58], 223, 16);
    EXPECT_NEAR(row[59], 159, 16);
    EXPECT_NEAR(row[60], 96, 16);
    EXPECT_EQ(row[64], 0);
}

TEST(ToldStretches, AnObjectPointAddsTheStretchOfItsColour) {
    EXPECT_EQ(follow(body_with_gap({40, 60, 160, 255}), body_but_gap(), {}, {kInGap}),
              all_of_body());
    EXPECT_EQ(follow(body_with_gap(kBackdrop), body_but_gap(), {}, {kInGap}), all_of_body());
}

TEST(ToldStretches, AnObjectPointOnTheOpenBackdropAddsNothing) {
    EXPECT_EQ(follow(body_with_gap(kBackdrop), body_but_gap(), {}, {{10, 10}}), body_but_gap());
}

TEST(ToldStretches, WhereBothKindsOfPointsLieNothingIsAdded) {
    const Image picture = body_with_gap({40, 60, 160, 255});
    EXPECT_EQ(follow(picture, body_but_gap(), {{65, 45}}, {kInGap}), body_but_gap());
}

TEST(ToldStretches, PointsWhereTheMaskAgreesChangeNothing) {
    EXPECT_EQ(follow(body_with_gap(kBackdrop), body_but_gap(), {kInGap, {5, 5}}, {{40, 30}}),
              body_but_gap());
}

TEST(ToldStretches, ASpeckIsNoStretch) {
    const Image picture = make_image(kPicture, Channels::rgb, [](int x, int y) {
        return lies_in({74, 54, 77, 57}, x, y) || !lies_in(kBodyPlace, x, y) ? kBackdrop : kBody;
    });
    EXPECT_EQ(follow(picture, all_of_body(), {kInGap}), all_of_body());
}

}  // namespace
}  // namespace editprep::imaging
