#include "editprep/imaging/canvas.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/resize.hpp"
#include "gaussian.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::noise_image;
using testing::pixel;

Canvas expanded(const Image& image, Margins margins, CanvasFill fill, Color color = {}) {
    CanvasOptions options;
    options.margins = margins;
    options.fill = fill;
    options.color = color;
    return expand_canvas(image, options);
}

/// Walks the reflection step by step, bouncing at the ends: the slow twin of an index formula.
int bounce(int coordinate, int length) {
    int place = 0;
    int direction = 1;
    for (int i = 0; i < std::abs(coordinate < 0 ? coordinate + 1 : coordinate); ++i) {
        if (place + direction < 0 || place + direction >= length) {
            direction = -direction;
        } else {
            place += direction;
        }
    }
    return place;
}

TEST(ExpandCanvas, EveryFillKeepsThePictureItself) {
    for (const Channels channels : {Channels::grey, Channels::rgb}) {
        const Image image = noise_image({37, 23}, channels);
        for (const CanvasFill fill :
             {CanvasFill::transparent, CanvasFill::solid, CanvasFill::blur, CanvasFill::mirror}) {
            const Canvas canvas = expanded(image, {5, 9, 70, 1}, fill, {9, 8, 7, 200});
            ASSERT_EQ(canvas.image.size(), (Size{51, 94}));
            EXPECT_EQ(canvas.image.channels(), Channels::rgba);
            EXPECT_EQ(canvas.picture, (Rect{5, 70, 42, 93}));
            const Image source = to_rgba(image);
            for (int y = 0; y < 23; ++y) {
                for (int x = 0; x < 37; ++x) {
                    ASSERT_EQ(pixel(canvas.image, x + 5, y + 70), pixel(source, x, y));
                }
            }
        }
    }
}

TEST(ExpandCanvas, MaskIsTheNewArea) {
    const Canvas canvas =
        expanded(noise_image({10, 8}, Channels::rgb), {3, 0, 2, 1}, CanvasFill::transparent);
    for (int y = 0; y < 11; ++y) {
        for (int x = 0; x < 13; ++x) {
            const bool is_picture = x >= 3 && y >= 2 && y < 10;
            EXPECT_EQ(canvas.new_area.row(y)[x], is_picture ? 0 : 255) << x << "," << y;
        }
    }
}

TEST(ExpandCanvas, MirrorRepeatsTheEdgePixelAndGoesOn) {
    const Image image = to_rgba(noise_image({7, 5}, Channels::rgb));
    // Margins larger than the picture, several times over.
    const Canvas canvas = expanded(image, {31, 16, 23, 40}, CanvasFill::mirror);
    for (int y = 0; y < canvas.image.height(); ++y) {
        for (int x = 0; x < canvas.image.width(); ++x) {
            ASSERT_EQ(pixel(canvas.image, x, y), pixel(image, bounce(x - 31, 7), bounce(y - 23, 5)))
                << x << "," << y;
        }
    }
    EXPECT_EQ(pixel(canvas.image, 30, 23), pixel(image, 0, 0));
    EXPECT_EQ(pixel(canvas.image, 29, 23), pixel(image, 1, 0));
}

TEST(ExpandCanvas, MirrorOfOnePixelFillsTheCanvas) {
    const Image dot = make_image({1, 1}, Channels::rgba, [](int, int) {
        return Color{1, 2, 3, 4};
    });
    EXPECT_EQ(expanded(dot, {3, 3, 3, 3}, CanvasFill::mirror).image,
              solid_image({7, 7}, Channels::rgba, {1, 2, 3, 4}));
}

TEST(ExpandCanvas, NegativeMarginsCrop) {
    const Image image = to_rgba(noise_image({20, 10}, Channels::rgb));
    const Canvas canvas = expanded(image, {-4, 2, 0, -3}, CanvasFill::transparent);
    ASSERT_EQ(canvas.image.size(), (Size{18, 7}));
    EXPECT_EQ(canvas.picture, (Rect{0, 0, 16, 7}));
    EXPECT_EQ(pixel(canvas.image, 0, 0), pixel(image, 4, 0));
    EXPECT_EQ(pixel(canvas.image, 17, 6), (Color{0, 0, 0, 0}));
}

TEST(ExpandCanvas, PictureMayFallOutsideTheCanvas) {
    const Image image = noise_image({6, 6}, Channels::rgb);
    const Canvas canvas = expanded(image, {-6, 9, 0, 0}, CanvasFill::solid, {1, 2, 3, 255});
    EXPECT_TRUE(canvas.picture.empty());
    EXPECT_EQ(canvas.image, solid_image({9, 6}, Channels::rgba, {1, 2, 3, 255}));
    EXPECT_EQ(canvas.new_area, Mask(Size{9, 6}, 255));
}

TEST(ExpandCanvas, BlurOfAFlatPictureIsFlat) {
    const Image flat = make_image({50, 30}, Channels::rgb, [](int, int) {
        return Color{90, 140, 20};
    });
    EXPECT_EQ(expanded(flat, {40, 3, 0, 77}, CanvasFill::blur).image,
              solid_image({93, 107}, Channels::rgba, {90, 140, 20, 255}));
}

TEST(ExpandCanvas, OpaqueAlphaGivesTheSameBlurAsNoAlpha) {
    const Image image = noise_image({33, 21}, Channels::rgb);
    EXPECT_EQ(expanded(image, {9, 9, 9, 9}, CanvasFill::blur).image,
              expanded(to_rgba(image), {9, 9, 9, 9}, CanvasFill::blur).image);
}

TEST(ExpandCanvas, BlurOfABannerOnASquareCanvas) {
    // The whole backdrop would be 80 000 pixels wide; only its middle is needed.
    const Image banner = make_image({4000, 200}, Channels::rgb, [](int x, int) {
        return Color{static_cast<std::uint8_t>(x * 255 / 3999), 60, 90};
    });
    const Canvas canvas = expanded(banner, {0, 0, 1900, 1900}, CanvasFill::blur);
    ASSERT_EQ(canvas.image.size(), (Size{4000, 4000}));
    // The middle twentieth of a ramp from 0 to 255.
    EXPECT_NEAR(pixel(canvas.image, 0, 0).red, 121, 2);
    EXPECT_NEAR(pixel(canvas.image, 3999, 3999).red, 134, 2);
}

TEST(ExpandCanvas, BlurMakesOnlyWhatIsSeenAndTheSamePixels) {
    const Image image = noise_image({90, 20}, Channels::rgba, 5);
    CanvasOptions options;
    options.margins = {0, 0, 35, 40};
    options.fill = CanvasFill::blur;
    options.blur_sigma_px = 3;
    const Canvas canvas = expand_canvas(image, options);
    const Image whole = gaussian_blur(resize(image, {428, 95}), 3);
    const Image middle = crop(whole, {169, 0, 259, 95});
    for (const int y : {0, 10, 34, 55, 94}) {
        for (int x = 0; x < 90; ++x) {
            ASSERT_EQ(pixel(canvas.image, x, y), pixel(middle, x, y)) << x << "," << y;
        }
    }
}

TEST(ExpandCanvas, MarginsMayCancelEachOther) {
    const Image image = noise_image({6, 6}, Channels::rgb);
    const Canvas canvas =
        expanded(image, {2'147'483'600, -2'147'483'590, 0, 0}, CanvasFill::transparent);
    EXPECT_EQ(canvas.image.size(), (Size{16, 6}));
    EXPECT_TRUE(canvas.picture.empty());
}

TEST(ExpandCanvas, RefusesImpossibleMargins) {
    const Image image = noise_image({6, 6}, Channels::rgb);
    constexpr int kMost = std::numeric_limits<int>::max();
    for (const auto& [margins, code] :
         {std::pair{Margins{-6, 0, 0, 0}, Errc::invalid_margins},
          std::pair{Margins{0, 0, -3, -4}, Errc::invalid_margins},
          std::pair{Margins{kMost, kMost, 0, 0}, Errc::limit_exceeded},
          std::pair{Margins{30'000, 0, 30'000, 0}, Errc::limit_exceeded}}) {
        try {
            (void)expanded(image, margins, CanvasFill::transparent);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), code) << error.what();
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
