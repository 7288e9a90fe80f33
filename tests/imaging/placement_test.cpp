#include "editprep/imaging/placement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/resize.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::error_of;
using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::pixel;

constexpr Size kPicture{120, 90};
constexpr Rect kObject{40, 30, 70, 50};
constexpr Color kGreen{20, 200, 60, 255};

Mask mask_of(Size size, const Rect& rect, int value = 255) {
    return make_mask(size, [&](int x, int y) {
        const bool is_inside = x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
        return is_inside ? value : 0;
    });
}

TEST(Padding, IsParsedAndPrinted) {
    EXPECT_EQ(parse_padding("40"), (Padding{40, Padding::Unit::pixels}));
    EXPECT_EQ(parse_padding(" 40px "), (Padding{40, Padding::Unit::pixels}));
    EXPECT_EQ(parse_padding("2.5%"), (Padding{2.5, Padding::Unit::percent}));
    EXPECT_EQ(parse_padding("0"), Padding{});
    for (const char* text : {"40px", "2.5%", "0px"}) {
        EXPECT_EQ(to_string(parse_padding(text)), text);
    }
}

TEST(Padding, AnythingElseIsRefused) {
    for (const char* text :
         {"", "px", "%", "-1", "-1%", "5 %", "5pt", "1e999", "nan", "inf", "x"}) {
        EXPECT_EQ(error_of([=] { return parse_padding(text); }), Errc::invalid_argument) << text;
    }
    EXPECT_EQ(error_of([] { return plan_trim(kObject, kPicture, {-1}); }), Errc::invalid_argument);
    EXPECT_EQ(error_of([] {
                  return plan_trim(kObject, kPicture, {std::numeric_limits<double>::quiet_NaN()});
              }),
              Errc::invalid_argument);
}

TEST(ObjectBounds, HoldWhatIsVisible) {
    const Mask object = mask_of(kPicture, kObject);
    EXPECT_EQ(object_bounds(object), kObject);
    const Mask shadow = mask_of(kPicture, {60, 45, 90, 60}, 40);
    EXPECT_EQ(object_bounds(object, shadow), (Rect{40, 30, 90, 60}));
}

TEST(ObjectBounds, FaintPixelsDoNotCount) {
    Mask object = mask_of(kPicture, kObject);
    object.row(2)[3] = 12;
    EXPECT_EQ(object_bounds(object), kObject);
    EXPECT_EQ(object_bounds(object, mask_of(kPicture, bounds_of(kPicture), 5)), kObject);
    object.row(2)[3] = 13;
    EXPECT_EQ(object_bounds(object), (Rect{3, 2, 70, 50}));
}

TEST(ObjectBounds, AreEmptyWithoutAnObject) {
    EXPECT_TRUE(object_bounds(Mask(kPicture, 0)).empty());
    EXPECT_TRUE(object_bounds(Mask({1, 1}, 12)).empty());
    EXPECT_EQ(object_bounds(Mask({1, 1}, 255)), (Rect{0, 0, 1, 1}));
}

TEST(ObjectBounds, AShadowOfAnotherSizeIsRefused) {
    EXPECT_EQ(error_of([] {
                  return object_bounds(Mask({4, 4}, 0), Mask({5, 4}, 0));
              }),
              Errc::size_mismatch);
}

TEST(PlanTrim, KeepsTheObjectWithPaddingUnscaled) {
    const Placement plan = plan_trim(kObject, kPicture, {10});
    EXPECT_EQ(plan.canvas, (Size{50, 40}));
    EXPECT_EQ(plan.source, (Rect{30, 20, 80, 60}));
    EXPECT_EQ(plan.target, bounds_of(plan.canvas));
    EXPECT_EQ(plan.scale, 1.0);
    // 10 % of the longer side.
    EXPECT_EQ(plan_trim(kObject, kPicture, {10, Padding::Unit::percent}).canvas, (Size{36, 26}));
    EXPECT_EQ(plan_trim(kObject, kPicture).source, kObject);
}

TEST(PlanTrim, PaddingReachesBeyondThePicture) {
    const Placement plan = plan_trim({0, 80, 20, 90}, kPicture, {7});
    EXPECT_EQ(plan.canvas, (Size{34, 24}));
    EXPECT_EQ(plan.source, (Rect{0, 73, 27, 90}));
    EXPECT_EQ(plan.target, (Rect{7, 0, 34, 17}));
}

TEST(PlanTrim, NothingToPlaceAndTooMuchAreRefused) {
    EXPECT_EQ(error_of([] { return plan_trim({}, kPicture); }), Errc::invalid_argument);
    EXPECT_EQ(error_of([] {
                  return plan_trim({100, 80, 121, 90}, kPicture);
              }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([] { return plan_trim(kObject, kPicture, {kMaxSide / 2.0}); }),
              Errc::limit_exceeded);
    EXPECT_EQ(error_of([] {
                  return plan_trim(kObject, kPicture, {1e300, Padding::Unit::percent});
              }),
              Errc::limit_exceeded);
}

TEST(PlanCanvas, CentresTheObjectAndFitsIt) {
    // 30x20 into 180x180: six times as large, 180x120.
    const Placement plan = plan_canvas(kObject, kPicture, {200, 200}, {10});
    EXPECT_DOUBLE_EQ(plan.scale, 6.0);
    EXPECT_EQ(plan.canvas, (Size{200, 200}));
    // The picture is shown beyond the object as far as whole pixels of it fit.
    EXPECT_EQ(plan.source, (Rect{39, 24, 71, 56}));
    EXPECT_EQ(plan.target, (Rect{4, 4, 196, 196}));
}

TEST(PlanCanvas, ALargeObjectIsMadeSmaller) {
    const Placement plan = plan_canvas({0, 0, 120, 60}, kPicture, {60, 60});
    EXPECT_DOUBLE_EQ(plan.scale, 0.5);
    EXPECT_EQ(plan.source, bounds_of(kPicture));
    EXPECT_EQ(plan.target, (Rect{0, 15, 60, 60}));
}

TEST(PlanCanvas, PercentIsOfTheShorterSide) {
    const Placement plan =
        plan_canvas(kObject, kPicture, {1000, 200}, {25, Padding::Unit::percent});
    EXPECT_DOUBLE_EQ(plan.scale, 5.0);
}

TEST(PlanCanvas, EveryAspectStaysOnTheCanvas) {
    for (const Size canvas : {Size{1, 1}, Size{1, 500}, Size{500, 1}, Size{333, 77}}) {
        for (const Rect object : {kObject, Rect{0, 0, 1, 90}, Rect{119, 89, 120, 90},
                                  Rect{0, 45, 120, 46}, bounds_of(kPicture)}) {
            const Placement plan = plan_canvas(object, kPicture, canvas);
            EXPECT_FALSE(plan.source.empty());
            EXPECT_FALSE(plan.target.empty());
            EXPECT_EQ(intersect(plan.source, bounds_of(kPicture)), plan.source);
            EXPECT_EQ(intersect(plan.source, object), object);
            EXPECT_EQ(intersect(plan.target, bounds_of(canvas)), plan.target);
            EXPECT_EQ(place(Image(solid_image(kPicture, Channels::rgb, kGreen)), plan, kGreen),
                      solid_image(canvas, Channels::rgb, kGreen));
        }
    }
}

TEST(PlanCanvas, PaddingThatLeavesNoRoomIsRefused) {
    for (const Padding padding : {Padding{50}, Padding{1e9}, Padding{50, Padding::Unit::percent}}) {
        EXPECT_EQ(error_of([=] {
                      return plan_canvas(kObject, kPicture, {400, 100}, padding);
                  }),
                  Errc::invalid_argument);
    }
    EXPECT_EQ(plan_canvas(kObject, kPicture, {400, 101}, {50}).canvas, (Size{400, 101}));
}

TEST(PlanCanvas, OtherUglyInputIsRefused) {
    EXPECT_EQ(error_of([] { return plan_canvas({}, kPicture, {10, 10}); }), Errc::invalid_argument);
    EXPECT_EQ(error_of([] {
                  return plan_canvas(kObject, kPicture, {0, 10});
              }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([] {
                  return plan_canvas(kObject, kPicture, {10, -1});
              }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([] {
                  return plan_canvas(kObject, kPicture, {kMaxSide + 1, 10});
              }),
              Errc::limit_exceeded);
    EXPECT_EQ(error_of([] {
                  return plan_canvas(kObject, kPicture, {60'000, 60'000});
              }),
              Errc::limit_exceeded);
}

TEST(Place, UnscaledPixelsAreBitIdentical) {
    const Image image = noise_image(kPicture, Channels::rgb);
    const Placement plan = plan_trim({0, 0, 20, 20}, kPicture, {5});
    const Image result = place(image, plan, kGreen);
    ASSERT_EQ(result.size(), (Size{30, 30}));
    EXPECT_EQ(result.channels(), Channels::rgb);
    EXPECT_EQ(crop(result, plan.target), crop(image, plan.source));
    EXPECT_EQ(pixel(result, 4, 10), kGreen);
    EXPECT_EQ(pixel(result, 10, 4), kGreen);
}

TEST(Place, TransparencyIsKeptOrCovered) {
    const Image clear = solid_image(kPicture, Channels::rgba, {9, 9, 9, 0});
    const Placement plan = plan_canvas(kObject, kPicture, {64, 64}, {4});
    EXPECT_EQ(place(clear, plan, kGreen), solid_image({64, 64}, Channels::rgb, kGreen));
    const Image result = place(clear, plan, Color{0, 0, 0, 0});
    EXPECT_EQ(result, solid_image({64, 64}, Channels::rgba, {0, 0, 0, 0}));
}

TEST(Place, ABackdropIsContinuedBeyondThePicture) {
    const Image backdrop = make_image(kPicture, Channels::rgb, [](int x, int) {
        return Color{static_cast<std::uint8_t>(100 + x), 50, 50, 255};
    });
    const Image clear = solid_image(kPicture, Channels::rgba, {0, 0, 0, 0});
    const Image result = place(clear, plan_trim({0, 0, 120, 90}, kPicture, {20}), backdrop);
    ASSERT_EQ(result.size(), (Size{160, 130}));
    EXPECT_EQ(result.channels(), Channels::rgb);
    EXPECT_EQ(pixel(result, 0, 0), (Color{100, 50, 50, 255}));
    EXPECT_EQ(pixel(result, 50, 129), (Color{130, 50, 50, 255}));
    EXPECT_EQ(pixel(result, 159, 60), (Color{219, 50, 50, 255}));
}

TEST(Place, APlacementForAnotherPictureIsRefused) {
    const Placement plan = plan_trim(kObject, kPicture);
    const Image small = noise_image({50, 40}, Channels::rgb);
    EXPECT_EQ(error_of([&] { return place(small, plan, kGreen); }), Errc::invalid_argument);
    EXPECT_EQ(error_of([&] { return place(small, Placement{}, kGreen); }), Errc::invalid_argument);
    const Image image = noise_image(kPicture, Channels::rgb);
    EXPECT_EQ(error_of([&] { return place(image, plan, small); }), Errc::size_mismatch);
}

TEST(PlaceObject, EqualsReplacingTheBackgroundAndTrimming) {
    const Image image = noise_image(kPicture, Channels::rgb, 5);
    const Mask matte = mask_of(kPicture, kObject);
    const Placement plan = plan_trim(kObject, kPicture, {6});
    for (const char* fill : {"white", "transparent", "#11223380"}) {
        const BackgroundOptions options{parse_fill(fill)};
        EXPECT_EQ(place_object(image, matte, options, plan),
                  crop(replace_background(image, matte, options), plan.source))
            << fill;
    }
}

TEST(PlaceObject, TheMarketplacePicture) {
    const Size size{300, 200};
    const auto is_object = [](int x, int y) { return std::hypot(x - 80, y - 120) < 40; };
    const Image image = make_image(size, Channels::rgb, [&](int x, int y) {
        return is_object(x, y) ? Color{180, 30, 30, 255} : Color{190, 190, 190, 255};
    });
    const Mask matte = make_mask(size, [&](int x, int y) { return is_object(x, y) ? 255 : 0; });
    const Placement plan = plan_canvas(object_bounds(matte), size, {400, 400}, {100});
    EXPECT_GT(plan.scale, 2.0);
    const Image result = place_object(image, matte, {parse_fill("white")}, plan);
    ASSERT_EQ(result.size(), (Size{400, 400}));
    EXPECT_EQ(result.channels(), Channels::rgb);
    EXPECT_EQ(pixel(result, 200, 200), (Color{180, 30, 30, 255}));
    for (const Point at : {Point{5, 5}, Point{200, 90}, Point{200, 310}, Point{90, 200},
                           Point{310, 200}, Point{120, 120}}) {
        EXPECT_EQ(pixel(result, at.x, at.y), (Color{255, 255, 255, 255})) << at.x << "," << at.y;
    }
    for (const Point at : {Point{200, 110}, Point{200, 290}, Point{110, 200}, Point{290, 200}}) {
        EXPECT_NEAR(pixel(result, at.x, at.y).red, 180, 4) << at.x << "," << at.y;
    }
}

TEST(PlaceObject, TheBlurredBackdropFillsTheCanvasWithoutTheObject) {
    const Size size{200, 160};
    const Image image = make_image(size, Channels::rgb, [](int x, int y) {
        return std::hypot(x - 100, y - 80) < 50 ? Color{255, 0, 0, 255} : Color{120, 140, 160, 255};
    });
    const Mask matte =
        make_mask(size, [](int x, int y) { return std::hypot(x - 100, y - 80) < 50 ? 255 : 0; });
    const Placement plan = plan_canvas(object_bounds(matte), size, {300, 500}, {20});
    const Image result = place_object(image, matte, {parse_fill("blur")}, plan);
    for (const Point at : {Point{0, 0}, Point{299, 499}, Point{150, 100}, Point{10, 250}}) {
        EXPECT_EQ(pixel(result, at.x, at.y), (Color{120, 140, 160, 255})) << at.x << "," << at.y;
    }
    EXPECT_EQ(pixel(result, 150, 250), (Color{255, 0, 0, 255}));
}

TEST(PlaceObject, TheShadowComesAlong) {
    const Image image = solid_image(kPicture, Channels::rgb, {200, 200, 200, 255});
    const Mask matte = mask_of(kPicture, kObject);
    const Mask shadow = mask_of(kPicture, {40, 50, 70, 60}, 100);
    const Placement plan = plan_trim(object_bounds(matte, shadow), kPicture, {3});
    const Image result = place_object(image, matte, {parse_fill("transparent"), shadow}, plan);
    EXPECT_EQ(pixel(result, 15, 28), (Color{0, 0, 0, 100}));
    EXPECT_EQ(pixel(result, 15, 10), (Color{200, 200, 200, 255}));
    EXPECT_EQ(pixel(result, 1, 1).alpha, 0);
}

TEST(PlaceObject, AShadowThatTheFrameCutsFadesOut) {
    const Size size{300, 200};
    const Rect object{120, 60, 180, 140};
    const Image image = solid_image(size, Channels::rgb, {200, 200, 200, 255});
    const Mask matte = mask_of(size, object);
    const Mask shadow = mask_of(size, {0, 100, 300, 150}, 120);
    const Placement plan = plan_trim(object, size, {50});
    const Image result = place_object(image, matte, {parse_fill("white"), shadow}, plan);
    ASSERT_EQ(result.size(), (Size{160, 180}));
    const std::uint8_t* row = result.row(100);
    EXPECT_EQ(row[0], 255);
    EXPECT_EQ(row[3 * 159], 255);
    for (int x = 1; x < 160; ++x) {
        EXPECT_LE(std::abs(row[3 * x] - row[3 * (x - 1)]), x == 50 || x == 110 ? 255 : 20) << x;
    }
    EXPECT_EQ(row[3 * 30], 135) << "whole near the object";
    EXPECT_EQ(result.row(139)[3 * 80], 135) << "and where nothing cuts it";
}

TEST(PlaceObject, AShadowThatEndsWithThePictureFadesOutInsideTheCanvas) {
    const Size size{200, 100};
    const Rect object{80, 20, 120, 60};
    const Image image = solid_image(size, Channels::rgb, {200, 200, 200, 255});
    const Mask shadow = mask_of(size, {60, 50, 140, 100}, 120);
    const Placement plan = plan_canvas(object, size, {400, 400}, {180});
    ASSERT_EQ(plan.source.bottom, 100);
    ASSERT_LT(plan.target.bottom, 400);
    const Image result =
        place_object(image, mask_of(size, object), {parse_fill("white"), shadow}, plan);
    EXPECT_EQ(result.row(plan.target.bottom - 1)[3 * 200], 255);
    EXPECT_LT(result.row(plan.target.bottom - 12)[3 * 200], 140);
}

TEST(PlaceObject, WhereTheObjectEndsTheShadowDoesNotFade) {
    const Image image = solid_image(kPicture, Channels::rgb, {200, 200, 200, 255});
    const Mask shadow = mask_of(kPicture, {0, 45, 120, 50}, 100);
    const Placement plan = plan_trim(kObject, kPicture);
    const Mask matte = mask_of(kPicture, {40, 30, 70, 45});
    const Image result = place_object(image, matte, {parse_fill("white"), shadow}, plan);
    EXPECT_EQ(result.row(17)[0], 155);
}

TEST(PlaceObject, UglyInputIsRefused) {
    const Image image = solid_image(kPicture, Channels::rgb, kGreen);
    const Mask matte = mask_of(kPicture, kObject);
    const Placement plan = plan_trim(kObject, kPicture);
    EXPECT_EQ(error_of([&] { return place_object(image, matte, {parse_fill("inpaint")}, plan); }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([&] {
                  return place_object(image, Mask({9, 9}, 0), {}, plan);
              }),
              Errc::size_mismatch);
    EXPECT_EQ(error_of([&] {
                  return place_object(image, matte, {parse_fill("white"), Mask({9, 9}, 0)}, plan);
              }),
              Errc::size_mismatch);
}

}  // namespace
}  // namespace editprep::imaging
