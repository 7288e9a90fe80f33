#include "editprep/imaging/fill.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::kAllChannels;
using testing::make_image;
using testing::make_mask;
using testing::noise_image;

constexpr Color kHalfGreen{10, 200, 30, 128};

/// A selected disc with a soft edge.
Mask soft_disc(Size size, int cx, int cy, int radius) {
    return feather(
        make_mask(size,
                  [&](int x, int y) { return std::hypot(x - cx, y - cy) <= radius ? 255 : 0; }),
        3.0);
}

Color slope(int x, int y) {
    return {static_cast<std::uint8_t>(40 + x / 2), static_cast<std::uint8_t>(200 - y / 2),
            static_cast<std::uint8_t>(60 + (x + y) / 4), 255};
}

Errc error_of(const Image& image, const Mask& mask, const Fill& fill) {
    try {
        (void)fill_region(image, mask, fill);
    } catch (const Error& error) {
        return error.errc();
    }
    return Errc{};
}

TEST(Fill, KeptPixelsAreBitIdenticalForEveryFill) {
    const Size size{150, 120};
    const Mask mask = soft_disc(size, 70, 60, 30);
    for (const Channels channels : kAllChannels) {
        const Image image = noise_image(size, channels, 11);
        for (const char* name :
             {"inpaint", "transparent", "blur", "white", "#0AC81E", "#0AC81E80"}) {
            const Image result = fill_region(image, mask, parse_fill(name));
            const Difference kept = compare_kept(image, result, mask);
            EXPECT_EQ(kept.changed_pixels, 0) << name << ", channels " << image.channel_count();
            EXPECT_GT(kept.compared_pixels, 0);
            EXPECT_GT(compare(image, result).changed_pixels, 0) << name;
        }
    }
}

TEST(Fill, KeptPixelsAreBitIdenticalWhenTheHoleIsFilledOnASmallerCopy) {
    const Size size{1500, 900};
    const Mask mask = soft_disc(size, 800, 450, 400);
    const Image image = noise_image(size, Channels::rgb, 12);
    const Image result = fill_region(image, mask, {});
    EXPECT_EQ(compare_kept(image, result, mask).changed_pixels, 0);
}

TEST(Fill, ChannelsFollowFillAndPicture) {
    const Mask mask = soft_disc({40, 40}, 20, 20, 5);
    const auto channels_after = [&](Channels channels, const char* name) {
        return fill_region(noise_image({40, 40}, channels), mask, parse_fill(name)).channels();
    };
    for (const char* opaque : {"inpaint", "blur", "white", "#010203"}) {
        EXPECT_EQ(channels_after(Channels::grey, opaque), Channels::rgb) << opaque;
        EXPECT_EQ(channels_after(Channels::rgb, opaque), Channels::rgb) << opaque;
        EXPECT_EQ(channels_after(Channels::rgba, opaque), Channels::rgba) << opaque;
    }
    for (const char* translucent : {"transparent", "#01020380"}) {
        EXPECT_EQ(channels_after(Channels::grey, translucent), Channels::rgba) << translucent;
        EXPECT_EQ(channels_after(Channels::rgb, translucent), Channels::rgba) << translucent;
    }
}

TEST(Fill, AnEmptyMaskChangesNothing) {
    const Image image = noise_image({30, 20}, Channels::rgb);
    for (const char* name : {"inpaint", "transparent", "blur", "black"}) {
        const Image result = fill_region(image, Mask({30, 20}, 0), parse_fill(name));
        EXPECT_EQ(compare(image, result).changed_pixels, 0) << name;
    }
}

TEST(Fill, AMaskOfAnotherSizeIsRefused) {
    const Image image = noise_image({30, 20}, Channels::rgb);
    EXPECT_EQ(error_of(image, Mask({20, 30}, 255), {}), Errc::size_mismatch);
}

TEST(FillInpaint, AMaskThatSelectsEverythingIsRefused) {
    const Image image = noise_image({30, 20}, Channels::rgb);
    EXPECT_EQ(error_of(image, Mask({30, 20}, 255), {}), Errc::invalid_argument);
    EXPECT_EQ(error_of(image, Mask({30, 20}, 1), {}), Errc::invalid_argument);
}

TEST(FillInpaint, OneKnownPixelIsEnough) {
    const Image image = solid_image({900, 900}, Channels::rgb, {10, 120, 230});
    const Mask mask =
        make_mask(image.size(), [](int x, int y) { return x == 450 && y == 301 ? 0 : 255; });
    EXPECT_LE(compare(fill_region(image, mask, {}), image).largest, 1);
}

/// The hole holds an object that must leave no trace; around it is a slope of half a level a pixel,
/// which rises by 30 levels across the hole.
TEST(FillInpaint, ContinuesASlope) {
    const Size size{200, 160};
    const Image before = make_image(size, Channels::rgb, slope);
    const Mask mask = make_mask(
        size, [](int x, int y) { return x >= 70 && x < 130 && y >= 50 && y < 110 ? 255 : 0; });
    const Image with_object = make_image(size, Channels::rgb, [&](int x, int y) {
        return mask.row(y)[x] > 0 ? Color{255, 0, 255} : slope(x, y);
    });
    const Difference difference = compare(before, fill_region(with_object, mask, {}));
    EXPECT_LE(difference.largest, 6);
    EXPECT_LE(difference.mean, 0.3);
}

TEST(FillInpaint, ALargeHoleInASlopeIsFilledLikewise) {
    const Size size{1600, 1200};
    const auto wide_slope = [](int x, int y) {
        return Color{static_cast<std::uint8_t>(40 + x / 10),
                     static_cast<std::uint8_t>(200 - y / 10), 90};
    };
    const Image before = make_image(size, Channels::rgb, wide_slope);
    const Mask mask = make_mask(
        size, [](int x, int y) { return x >= 400 && x < 1200 && y >= 300 && y < 900 ? 255 : 0; });
    const Image with_object = make_image(size, Channels::rgb, [&](int x, int y) {
        return mask.row(y)[x] > 0 ? Color{0, 255, 0} : wide_slope(x, y);
    });
    // The slope rises by 80 levels across the hole.
    const Difference difference = compare(before, fill_region(with_object, mask, {}));
    EXPECT_LE(difference.largest, 6);
    EXPECT_LE(difference.mean, 0.3);
}

TEST(FillInpaint, ASoftEdgeLeavesNoGhostOfTheObject) {
    const Size size{200, 200};
    const auto is_object = [](int x, int y) { return std::hypot(x - 100, y - 100) <= 30; };
    const Image image = make_image(size, Channels::rgb, [&](int x, int y) {
        return is_object(x, y) ? Color{0, 0, 0} : Color{220, 220, 220};
    });
    const Mask mask =
        feather(make_mask(size, [&](int x, int y) { return is_object(x, y) ? 255 : 0; }), 4.0);
    const Image result = fill_region(image, mask, {});
    // A feathered disc is at a little less than half strength on its own edge, so the object shows
    // by a tenth of its contrast there; blended with the mask as it is, it would show by half.
    EXPECT_LE(compare(result, solid_image(size, Channels::rgb, {220, 220, 220})).largest, 24);
}

TEST(FillInpaint, TransparentSurroundingsFillWithTransparency) {
    const Size size{120, 120};
    const Mask mask = make_mask(
        size, [](int x, int y) { return x >= 40 && x < 80 && y >= 40 && y < 80 ? 255 : 0; });
    const Image image = make_image(size, Channels::rgba, [&](int x, int y) {
        return mask.row(y)[x] > 0 ? Color{200, 10, 10, 255} : Color{0, 0, 0, 0};
    });
    const Image result = fill_region(image, mask, {});
    for (const Point& at : {Point{60, 60}, Point{41, 41}, Point{79, 50}}) {
        EXPECT_EQ(result.row(at.y)[4 * at.x + 3], 0) << at.x << "," << at.y;
    }
}

TEST(FillTransparent, AlphaIsTakenAwayByTheMask) {
    const Image image = noise_image({16, 16}, Channels::rgba, 21);
    const Mask mask = make_mask({16, 16}, [](int x, int y) { return 16 * y + x; });
    const Image result = fill_region(image, mask, {FillKind::transparent});
    for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 16; ++x) {
            const std::uint8_t* before = image.row(y) + 4 * x;
            const std::uint8_t* after = result.row(y) + 4 * x;
            const int kept = 255 - mask.row(y)[x];
            EXPECT_EQ(after[3], std::lround(before[3] * kept / 255.0));
            for (int c = 0; c < 3; ++c) {
                EXPECT_EQ(after[c], kept == 0 ? 0 : before[c]);
            }
        }
    }
}

TEST(FillInpaint, WorksOnTheLargestSide) {
    // The copy that is worked on is enlarged to a little more than the picture.
    const Size size{65'500, 8};
    const Image image = noise_image(size, Channels::rgb);
    const Mask mask = make_mask(size, [](int x, int) { return x > 10 && x < 65'480 ? 255 : 0; });
    const Image filled = fill_region(image, mask, {FillKind::inpaint});
    EXPECT_EQ(compare_kept(image, filled, mask).changed_pixels, 0);
    EXPECT_GT(compare(image, filled).changed_pixels, 65'000);
}

TEST(FillSolid, TheColourReplacesColourAndAlpha) {
    const Image image = noise_image({20, 10}, Channels::rgba, 22);
    const Mask mask = make_mask({20, 10}, [](int x, int) { return x < 10 ? 255 : 0; });
    const Image result = fill_region(image, mask, {FillKind::solid, kHalfGreen});
    for (int y = 0; y < 10; ++y) {
        for (int x = 0; x < 10; ++x) {
            const std::uint8_t* pixel = result.row(y) + 4 * x;
            EXPECT_EQ((Color{pixel[0], pixel[1], pixel[2], pixel[3]}), kHalfGreen);
        }
    }
}

TEST(FillBlur, FlattensNoiseAndKeepsItsMean) {
    const Size size{200, 200};
    const Image image = noise_image(size, Channels::rgb, 23);
    const Mask mask = soft_disc(size, 100, 100, 40);
    const Image result = fill_region(image, mask, {.kind = FillKind::blur, .blur_sigma_px = 12});
    for (int x = 80; x < 120; ++x) {
        EXPECT_NEAR(result.row(100)[3 * x], 127, 16) << x;
    }
}

TEST(FillBlur, TransparentPixelsDoNotTintTheBlur) {
    const Size size{100, 60};
    // Green that nobody sees beside opaque red.
    const Image image = make_image(size, Channels::rgba, [](int x, int) {
        return x < 50 ? Color{255, 0, 0, 255} : Color{0, 255, 0, 0};
    });
    const Image result = fill_region(image, Mask(size, 255), {FillKind::blur});
    EXPECT_LE(result.row(30)[4 * 45 + 1], 1);
    EXPECT_GE(result.row(30)[4 * 45], 250);
    EXPECT_LT(result.row(30)[4 * 45 + 3], 250);
}

TEST(FillName, IsParsedAndPrinted) {
    for (const char* name :
         {"inpaint", "transparent", "blur", "white", "black", "#12AB34", "#12AB3456"}) {
        EXPECT_EQ(to_string(parse_fill(name)), name);
    }
    EXPECT_EQ(parse_fill("#ffffff").color, (Color{255, 255, 255, 255}));
    EXPECT_EQ(to_string(parse_fill("#ffffff")), "white");
    EXPECT_EQ(to_string(parse_fill("#00000000")), "#00000000");
    EXPECT_EQ(parse_fill("black").kind, FillKind::solid);
}

TEST(FillName, UnknownNamesAreRefusedWithTheKnownOnes) {
    for (const char* name : {"", "Inpaint", "red", "#12", "#12345G", "#123456789"}) {
        try {
            (void)parse_fill(name);
            ADD_FAILURE() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_color);
            EXPECT_NE(error.next_step().find("transparent"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
