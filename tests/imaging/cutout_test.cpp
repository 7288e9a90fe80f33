#include "editprep/imaging/cutout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <vector>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::error_of;
using testing::kAllChannels;
using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::noise_mask;
using testing::pixel;

constexpr Color kBlack{0, 0, 0, 255};
constexpr Color kWhite{255, 255, 255, 255};
constexpr Color kMagenta{255, 0, 255, 255};
constexpr Size kScene{240, 180};

std::uint8_t mixed(int front, int back, int cover) {
    return static_cast<std::uint8_t>((front * cover + back * (255 - cover) + 127) / 255);
}

/// The object before a backdrop, both known.
Image mix(const Image& object, const Image& backdrop, const Mask& cover) {
    return make_image(object.size(), Channels::rgb, [&](int x, int y) {
        const Color front = pixel(object, x, y);
        const Color back = pixel(backdrop, x, y);
        const int share = cover.row(y)[x];
        return Color{mixed(front.red, back.red, share), mixed(front.green, back.green, share),
                     mixed(front.blue, back.blue, share), 255};
    });
}

/// Something drawn of which everything is known.
struct Drawn {
    Image object;
    Image backdrop;
    Mask cover;
    Image picture;
};

std::uint8_t level(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// Grain as a camera adds it, about two levels.
Image with_grain(Image image) {
    const Image noise = noise_image(image.size(), image.channels(), 99);
    for (std::size_t i = 0; i < image.bytes().size(); ++i) {
        image.bytes()[i] = level(image.bytes()[i] + (noise.bytes()[i] - 127.5) / 40);
    }
    return image;
}

/// `inside` is the distance to the outline in pixels, positive within the object.
Drawn draw(const std::function<double(int, int)>& inside,
           const std::function<Color(int, int)>& object) {
    Drawn drawn;
    drawn.object = make_image(kScene, Channels::rgb, object);
    drawn.backdrop = make_image(kScene, Channels::rgb, [](int x, int y) {
        return Color{level(205 - x * 0.1), level(203 - y * 0.15), level(200), 255};
    });
    drawn.cover =
        make_mask(kScene, [&](int x, int y) { return level(255 * (inside(x, y) / 1.6 + 0.5)); });
    drawn.picture = with_grain(mix(drawn.object, drawn.backdrop, drawn.cover));
    return drawn;
}

double disc(int x, int y) { return 60 - std::hypot(x - 120.3, y - 90.2); }

/// Lines of about a pixel, which no pixel lies in wholly.
double wires(int x, int y) {
    const double wave = 12 * std::sin(x / 23.0);
    const double across = std::fmod(y + wave + 90, 30.0) - 15;
    return 0.45 - std::abs(across);
}

Color dark_red(int x, int y) {
    return {level(120 + 20 * std::sin(x / 9.0)), level(30 + 10 * std::cos(y / 7.0)), 25, 255};
}

/// Checks of a few pixels: the object's colour changes as fast as its edge.
Color checks(int x, int y) {
    return (x / 4 + y / 4) % 2 == 0 ? Color{230, 190, 40, 255} : Color{40, 60, 120, 255};
}

/// Mean difference from the true composite near partial pixels.
double fringe(const Drawn& drawn, const Image& colours, const Mask& matte) {
    const Mask band = grow(make_mask(kScene,
                                     [&](int x, int y) {
                                         const int value = drawn.cover.row(y)[x];
                                         return value > 0 && value < 255 ? 255 : 0;
                                     }),
                           2);
    double sum = 0;
    double count = 0;
    for (const Color ground : {kBlack, kWhite, kMagenta}) {
        const Image background = solid_image(kScene, Channels::rgb, ground);
        const Image truth = mix(drawn.object, background, drawn.cover);
        const Image ours = mix(colours, background, matte);
        for (int y = 0; y < kScene.height; ++y) {
            for (int x = 0; x < kScene.width; ++x) {
                if (band.row(y)[x] == 0) {
                    continue;
                }
                for (int c = 0; c < 3; ++c) {
                    sum += std::abs(truth.row(y)[3 * x + c] - ours.row(y)[3 * x + c]);
                    ++count;
                }
            }
        }
    }
    return sum / count;
}

/// By what the fringe falls.
double improvement(const Drawn& drawn, const Mask& matte) {
    return fringe(drawn, drawn.picture, matte) /
           fringe(drawn, decontaminate(drawn.picture, matte), matte);
}

Mask hardened(const Mask& mask) {
    return make_mask(mask.size(), [&](int x, int y) { return mask.row(y)[x] >= 128 ? 255 : 0; });
}

TEST(Decontaminate, TakesTheFringeFromASmoothObject) {
    const Drawn drawn = draw(disc, dark_red);
    EXPECT_GT(improvement(drawn, drawn.cover), 5.0);
}

TEST(Decontaminate, TakesTheFringeFromATexturedObject) {
    const Drawn drawn = draw(disc, checks);
    EXPECT_GT(improvement(drawn, drawn.cover), 1.8);
}

TEST(Decontaminate, TakesTheFringeFromWiresWithoutAnyFullPixel) {
    const Drawn drawn = draw(wires, dark_red);
    ASSERT_EQ(std::ranges::count(drawn.cover.bytes(), 255), 0);
    EXPECT_GT(improvement(drawn, drawn.cover), 3.0);
}

/// What a matte does wrong stays wrong; but the old backdrop's light, which is what people see on
/// black, has to go.
TEST(Decontaminate, AFeatheredOutlineBringsNoGlowOntoBlack) {
    const Drawn drawn = draw(disc, dark_red);
    const Mask matte = feather(hardened(drawn.cover), 2.0);
    const Image cleaned = decontaminate(drawn.picture, matte);
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            if (matte.row(y)[x] > 0 && matte.row(y)[x] < 255) {
                EXPECT_LT(pixel(cleaned, x, y).green, 70) << x << "," << y;
            }
        }
    }
}

TEST(Decontaminate, PixelsThatAreFullOrBackdropAreBitIdentical) {
    const Size size{97, 131};
    for (const Channels channels : kAllChannels) {
        const Image image = noise_image(size, channels, 3);
        const Mask matte = make_mask(size, [](int x, int y) {
            return std::clamp(static_cast<int>(40 * (50 - std::hypot(x - 50, y - 60))), 0, 255);
        });
        const Image result = decontaminate(image, matte);
        ASSERT_EQ(result.size(), size);
        ASSERT_EQ(result.channels(), channels);
        const Mask partial = make_mask(size, [&](int x, int y) {
            return matte.row(y)[x] > 0 && matte.row(y)[x] < 255 ? 255 : 0;
        });
        EXPECT_EQ(compare_kept(image, result, partial).changed_pixels, 0);
        EXPECT_GT(compare(image, result).changed_pixels, 0);
    }
}

TEST(Decontaminate, AnAlphaChannelStays) {
    const Image image = noise_image({60, 40}, Channels::rgba, 8);
    const Image result = decontaminate(image, noise_mask({60, 40}));
    for (std::size_t i = 3; i < image.bytes().size(); i += 4) {
        ASSERT_EQ(result.bytes()[i], image.bytes()[i]);
    }
}

TEST(Decontaminate, TransparentPixelsGiveNoColour) {
    const Drawn drawn = draw(disc, dark_red);
    Image picture = to_rgba(drawn.picture);
    // Green that nobody sees, over half of the backdrop.
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            if (drawn.cover.row(y)[x] == 0 && (x + y) % 2 == 0) {
                std::uint8_t* p = picture.row(y) + 4 * x;
                p[0] = p[2] = p[3] = 0;
                p[1] = 255;
            }
        }
    }
    EXPECT_LT(fringe(drawn, to_rgb(decontaminate(picture, drawn.cover)), drawn.cover),
              fringe(drawn, drawn.picture, drawn.cover) / 4);
}

TEST(Decontaminate, GreyPicturesAreCleanedAlike) {
    const Drawn drawn = draw(disc, [](int, int) { return Color{40, 40, 40, 255}; });
    const Image grey = make_image(kScene, Channels::grey,
                                  [&](int x, int y) { return pixel(drawn.picture, x, y); });
    const Image cleaned = decontaminate(grey, drawn.cover);
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            if (drawn.cover.row(y)[x] > 20) {
                EXPECT_NEAR(cleaned.row(y)[x], 40, 25) << x << "," << y;
            }
        }
    }
}

TEST(Decontaminate, WithoutBackdropNothingIsKnownAndNothingChanges) {
    const Image image = noise_image({90, 70}, Channels::rgb, 4);
    for (const int value : {0, 1, 128, 254, 255}) {
        EXPECT_EQ(decontaminate(image, Mask(image.size(), static_cast<std::uint8_t>(value))),
                  image);
    }
    const Mask no_backdrop = make_mask(image.size(), [](int x, int) { return x < 45 ? 255 : 100; });
    EXPECT_EQ(decontaminate(image, no_backdrop), image);
}

TEST(Decontaminate, EveryMatteIsTaken) {
    for (const Size size : {Size{1, 1}, Size{1, 200}, Size{200, 1}, Size{65, 63}, Size{129, 257}}) {
        for (const Channels channels : kAllChannels) {
            const Image image = noise_image(size, channels, 6);
            EXPECT_EQ(decontaminate(image, noise_mask(size)).size(), size);
        }
    }
}

TEST(Decontaminate, AMatteOfAnotherSizeIsRefused) {
    const Image image = noise_image({9, 9}, Channels::rgb);
    EXPECT_EQ(error_of([&] { return decontaminate(image, Mask({9, 8}, 0)); }), Errc::size_mismatch);
}

/// A dark disc on paper with a soft shadow to its right; grain all over.
struct ShadowScene {
    Image picture;
    Mask matte;
    Image plate;
};

double drawn_shadow(int x, int y) {
    return 0.4 * std::exp(-(std::pow((x - 160) / 40.0, 2) + std::pow((y - 120) / 20.0, 2)));
}

ShadowScene shadow_scene() {
    ShadowScene scene;
    scene.plate = solid_image({24, 18}, Channels::rgb, {210, 205, 200, 255});
    scene.matte = make_mask(kScene, [](int x, int y) { return level(255 * (disc(x, y) + 0.5)); });
    scene.picture = with_grain(make_image(kScene, Channels::rgb, [&](int x, int y) {
        const double light = 1 - drawn_shadow(x, y);
        const int cover = scene.matte.row(y)[x];
        return Color{mixed(60, level(210 * light), cover), mixed(50, level(205 * light), cover),
                     mixed(40, level(200 * light), cover), 255};
    }));
    return scene;
}

TEST(ShadowLayer, MeasuresTheMissingLight) {
    const ShadowScene scene = shadow_scene();
    const Mask shadow = shadow_layer(scene.picture, scene.matte, scene.plate);
    ASSERT_EQ(shadow.size(), kScene);
    for (const Point at : {Point{190, 120}, Point{200, 125}, Point{185, 110}}) {
        EXPECT_NEAR(shadow.row(at.y)[at.x], 255 * drawn_shadow(at.x, at.y), 6)
            << at.x << "," << at.y;
    }
}

TEST(ShadowLayer, IsNothingInTheObjectAndWhereNoShadowFalls) {
    const ShadowScene scene = shadow_scene();
    const Mask shadow = shadow_layer(scene.picture, scene.matte, scene.plate);
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            if (scene.matte.row(y)[x] == 255) {
                ASSERT_EQ(shadow.row(y)[x], 0);
            } else if (drawn_shadow(x, y) < 0.001) {
                ASSERT_LE(shadow.row(y)[x], 4) << x << "," << y;
            }
        }
    }
}

TEST(ShadowLayer, LeavesNoLightRimUnderASoftEdge) {
    const ShadowScene scene = shadow_scene();
    const Mask shadow = shadow_layer(scene.picture, scene.matte, scene.plate);
    int seen = 0;
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            const int cover = scene.matte.row(y)[x];
            if (cover > 0 && cover < 255 && drawn_shadow(x, y) > 0.2) {
                EXPECT_NEAR(shadow.row(y)[x], 255 * drawn_shadow(x, y), 17) << x << "," << y;
                ++seen;
            }
        }
    }
    EXPECT_GT(seen, 10);
}

TEST(ShadowLayer, LightIsNoShadowAndNoiseIsNone) {
    const Mask matte(kScene, 0);
    const Image plate = solid_image({8, 8}, Channels::rgb, {180, 180, 180, 255});
    const Image brighter = with_grain(solid_image(kScene, Channels::rgb, {200, 200, 200, 255}));
    EXPECT_EQ(shadow_layer(brighter, matte, plate), Mask(kScene, 0));
    const Image same = with_grain(solid_image(kScene, Channels::rgb, {180, 180, 180, 255}));
    const Mask shadow = shadow_layer(same, matte, plate);
    EXPECT_LE(*std::ranges::max_element(shadow.bytes()), 4);
}

/// A grey block on a grey backdrop, which is as dark as a shadow.
Image with_block(const Color& block) {
    return make_image(kScene, Channels::rgb, [&](int x, int y) {
        const bool is_block = x >= 20 && x < 60 && y >= 20 && y < 60;
        return is_block ? block : Color{200, 200, 200, 255};
    });
}

TEST(ShadowLayer, AnotherObjectIsNoShadow) {
    const Image picture = with_block({90, 90, 90, 255});
    const Image plate = solid_image({8, 8}, Channels::rgb, {200, 200, 200, 255});
    const Mask matte(kScene, 0);
    EXPECT_GT(shadow_layer(picture, matte, plate).row(40)[40], 100);
    Mask others(kScene, 0);
    for (int y = 20; y < 60; ++y) {
        std::fill(others.row(y) + 20, others.row(y) + 60, std::uint8_t{255});
    }
    EXPECT_EQ(shadow_layer(picture, matte, plate, others), Mask(kScene, 0));
    EXPECT_EQ(error_of([&] {
                  return shadow_layer(picture, matte, plate, Mask({3, 3}));
              }),
              Errc::size_mismatch);
}

TEST(ShadowLayer, WhatHasAnotherHueIsNone) {
    const Image plate = solid_image({8, 8}, Channels::rgb, {200, 200, 200, 255});
    const Mask matte(kScene, 0);
    EXPECT_EQ(shadow_layer(with_block({150, 60, 50, 255}), matte, plate), Mask(kScene, 0));
    EXPECT_GT(shadow_layer(with_block({95, 90, 80, 255}), matte, plate).row(40)[40], 100);
}

TEST(ShadowLayer, UglyInput) {
    const Image plate = solid_image({3, 3}, Channels::grey, {0, 0, 0, 255});
    for (const Channels channels : kAllChannels) {
        for (const Size size : {Size{1, 1}, Size{1, 50}, Size{33, 20}}) {
            const Image image = noise_image(size, channels, 2);
            EXPECT_EQ(shadow_layer(image, Mask(size, 255), plate), Mask(size, 0));
            EXPECT_EQ(shadow_layer(image, Mask(size, 0), plate).size(), size);
            EXPECT_EQ(shadow_layer(image, noise_mask(size), plate).size(), size);
        }
    }
    const Image image = noise_image({9, 9}, Channels::rgb);
    EXPECT_EQ(error_of([&] {
                  return shadow_layer(image, Mask({9, 9}, 0), {});
              }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([&] {
                  return shadow_layer(image, Mask({8, 9}, 0), plate);
              }),
              Errc::size_mismatch);
}

TEST(BlurredBackdrop, HoldsNothingOfTheObject) {
    const Drawn drawn = draw(disc, [](int, int) { return Color{255, 0, 0, 255}; });
    for (const double sigma : {0.0, 1.0, 40.0, 2000.0}) {
        const Image backdrop = blurred_backdrop(drawn.picture, drawn.cover, sigma);
        ASSERT_EQ(backdrop.size(), kScene);
        ASSERT_EQ(backdrop.channels(), Channels::rgb);
        for (const Point at : {Point{120, 90}, Point{62, 90}, Point{120, 28}, Point{10, 10}}) {
            const Color colour = pixel(backdrop, at.x, at.y);
            EXPECT_NEAR(colour.red, 195, 16) << sigma;
            EXPECT_NEAR(colour.green, 190, 16) << sigma;
            EXPECT_NEAR(colour.blue, 200, 4) << sigma;
        }
    }
}

TEST(BlurredBackdrop, ALargePictureIsDoneOnACopyAlike) {
    const Size size{1500, 1100};
    const Image picture = make_image(size, Channels::rgb, [](int x, int y) {
        const bool is_object = x > 500 && x < 1000 && y > 300 && y < 800;
        return is_object ? Color{0, 255, 0, 255} : Color{level(90 + x * 0.1), 120, 120, 255};
    });
    const Mask matte = make_mask(
        size, [](int x, int y) { return x > 500 && x < 1000 && y > 300 && y < 800 ? 255 : 0; });
    const Image coarse = blurred_backdrop(picture, matte, 20);
    const Image fine = blurred_backdrop(picture, matte, 3);
    for (int x = 100; x < 1400; x += 100) {
        EXPECT_NEAR(pixel(coarse, x, 550).red, 90 + x * 0.1, 5) << x;
        EXPECT_NEAR(pixel(fine, x, 550).red, 90 + x * 0.1, 5) << x;
        EXPECT_NEAR(pixel(coarse, x, 550).green, 120, 1) << x;
        EXPECT_NEAR(pixel(fine, x, 550).green, 120, 1) << x;
    }
}

TEST(BlurredBackdrop, AShadowCanBeTakenOutToo) {
    const ShadowScene scene = shadow_scene();
    const Mask shadow = shadow_layer(scene.picture, scene.matte, scene.plate);
    const Image with = blurred_backdrop(scene.picture, scene.matte, 6);
    const Image without = blurred_backdrop(scene.picture, scene.matte, 6, shadow);
    EXPECT_LT(pixel(with, 190, 120).red, 175);
    EXPECT_GT(pixel(without, 190, 120).red, 200);
}

TEST(BlurredBackdrop, UglyInput) {
    for (const Channels channels : kAllChannels) {
        for (const Size size : {Size{1, 1}, Size{40, 1}, Size{31, 47}}) {
            const Image image = noise_image(size, channels, 5);
            for (const Mask& matte : {Mask(size, 0), Mask(size, 7), Mask(size, 255)}) {
                const Image result = blurred_backdrop(image, matte, 9000);
                EXPECT_EQ(result.size(), size);
                EXPECT_EQ(result.has_alpha(), image.has_alpha());
            }
        }
    }
    const Image image = noise_image({9, 9}, Channels::rgb);
    EXPECT_EQ(error_of([&] {
                  return blurred_backdrop(image, Mask({9, 9}, 0), 1e6);
              }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([&] {
                  return blurred_backdrop(image, Mask({9, 9}, 0), 1, Mask({2, 2}, 0));
              }),
              Errc::size_mismatch);
}

TEST(ReplaceBackground, FullPixelsAreBitIdenticalForEveryFill) {
    const Size size{150, 120};
    const Mask matte =
        make_mask(size, [](int x, int y) { return level(60 * (45 - std::hypot(x - 70, y - 60))); });
    const Mask not_full =
        make_mask(size, [&](int x, int y) { return matte.row(y)[x] == 255 ? 0 : 255; });
    for (const Channels channels : kAllChannels) {
        const Image image = noise_image(size, channels, 11);
        for (const char* fill : {"transparent", "blur", "white", "#0AC81E", "#0AC81E80"}) {
            for (const Mask& shadow : {Mask{}, Mask(size, 90)}) {
                const Image result = replace_background(image, matte, {parse_fill(fill), shadow});
                EXPECT_EQ(result.size(), size);
                if (!image.has_alpha()) {
                    EXPECT_EQ(compare_kept(image, result, not_full).changed_pixels, 0) << fill;
                }
            }
        }
    }
}

TEST(ReplaceBackground, HasAlphaOnlyWhereItIsNeeded) {
    const Size size{20, 20};
    const Mask matte(size, 128);
    const auto channels_of = [&](Channels channels, const char* fill) {
        return replace_background(noise_image(size, channels), matte, {parse_fill(fill)})
            .channels();
    };
    EXPECT_EQ(channels_of(Channels::grey, "white"), Channels::rgb);
    EXPECT_EQ(channels_of(Channels::rgb, "blur"), Channels::rgb);
    EXPECT_EQ(channels_of(Channels::rgb, "transparent"), Channels::rgba);
    EXPECT_EQ(channels_of(Channels::rgb, "#11223344"), Channels::rgba);
    EXPECT_EQ(channels_of(Channels::rgba, "white"), Channels::rgba);
}

TEST(ReplaceBackground, TransparentGivesTheObjectsColourWithTheMatteAsAlpha) {
    const Drawn drawn = draw(disc, dark_red);
    const Image result =
        replace_background(drawn.picture, drawn.cover, {parse_fill("transparent")});
    const Image cleaned = decontaminate(drawn.picture, drawn.cover);
    for (int y = 0; y < kScene.height; ++y) {
        for (int x = 0; x < kScene.width; ++x) {
            const Color got = pixel(result, x, y);
            const int cover = drawn.cover.row(y)[x];
            ASSERT_EQ(got.alpha, cover);
            if (cover == 0) {
                ASSERT_EQ(got, (Color{0, 0, 0, 0}));
            } else {
                const Color expected = pixel(cleaned, x, y);
                ASSERT_EQ(got, (Color{expected.red, expected.green, expected.blue, got.alpha}));
            }
        }
    }
}

TEST(ReplaceBackground, OwnAlphaMultiplies) {
    const Image image = solid_image({4, 4}, Channels::rgba, {200, 100, 50, 128});
    const Mask full({4, 4}, 255);
    const Mask half({4, 4}, 128);
    EXPECT_EQ(pixel(replace_background(image, full, {parse_fill("transparent")}), 1, 1),
              (Color{200, 100, 50, 128}));
    EXPECT_EQ(pixel(replace_background(image, half, {parse_fill("transparent")}), 1, 1).alpha, 64);
    const Color on_black = pixel(replace_background(image, full, {parse_fill("black")}), 1, 1);
    EXPECT_EQ(on_black.alpha, 255);
    EXPECT_NEAR(on_black.red, 100, 1);
}

TEST(ReplaceBackground, TheShadowLiesOverTheBackgroundAndUnderTheObject) {
    const Size size{8, 8};
    const Image image = solid_image(size, Channels::rgb, {200, 100, 50, 255});
    const Mask shadow(size, 51);
    const auto result = [&](int matte, const char* fill) {
        return pixel(replace_background(image, Mask(size, static_cast<std::uint8_t>(matte)),
                                        {parse_fill(fill), shadow}),
                     3, 3);
    };
    EXPECT_EQ(result(0, "white"), (Color{204, 204, 204, 255}));
    EXPECT_EQ(result(255, "white"), (Color{200, 100, 50, 255}));
    EXPECT_EQ(result(0, "transparent"), (Color{0, 0, 0, 51}));
    // Half of the object over a fifth of black: 0.5 + 0.5 * 0.2.
    EXPECT_NEAR(result(128, "transparent").alpha, 153, 1);
    EXPECT_NEAR(result(128, "transparent").red, 200 * 128 / 153, 2);
}

TEST(ReplaceBackground, UglyInput) {
    for (const Channels channels : kAllChannels) {
        for (const Size size : {Size{1, 1}, Size{1, 70}, Size{66, 3}}) {
            const Image image = noise_image(size, channels, 7);
            for (const Mask& matte : {Mask(size, 0), Mask(size, 255), Mask(size, 9)}) {
                for (const char* fill : {"transparent", "blur", "white", "#00000000"}) {
                    EXPECT_EQ(replace_background(image, matte, {parse_fill(fill)}).size(), size);
                }
            }
        }
    }
    const Image image = noise_image({9, 9}, Channels::rgb);
    const Mask matte({9, 9}, 255);
    EXPECT_EQ(error_of([&] { return replace_background(image, matte, {parse_fill("inpaint")}); }),
              Errc::invalid_argument);
    EXPECT_EQ(error_of([&] {
                  return replace_background(image, Mask({1, 1}, 0), {});
              }),
              Errc::size_mismatch);
    EXPECT_EQ(error_of([&] {
                  return replace_background(image, matte, {parse_fill("white"), Mask({1, 1}, 0)});
              }),
              Errc::size_mismatch);
}

}  // namespace
}  // namespace editprep::imaging
