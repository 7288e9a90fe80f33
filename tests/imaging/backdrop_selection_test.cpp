#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "drawn_scene.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::draw;
using testing::edge_error;
using testing::flat;
using testing::mean_error;
using testing::overlap;
using testing::Scene;
using testing::share_within;
using testing::Shot;
using testing::Tone;

SelectionOptions by_backdrop() { return {.mode = SelectionMode::backdrop}; }

Selection select(const Image& picture) { return select_object(picture, by_backdrop()); }

bool has_doubt(const Selection& selection, SelectionDoubt doubt) {
    return std::count(selection.doubts.begin(), selection.doubts.end(), doubt) > 0;
}

/// The object, the whole object and nothing but the object, and no doubt about it.
void expect_clean(const Scene& scene, double least_overlap, double most_edge_error) {
    const Shot shot = draw(scene);
    const Selection selection = select(shot.picture);
    EXPECT_EQ(selection.mode_used, SelectionMode::backdrop);
    EXPECT_GE(overlap(selection.mask, shot.truth), least_overlap);
    EXPECT_LE(edge_error(selection.mask, shot.truth), most_edge_error);
    EXPECT_GE(selection.confidence.value_or(-1), 0.8);
    EXPECT_TRUE(selection.doubts.empty());
}

/// What is not at an edge is selected wholly or not at all.
void expect_exact_away_from_edges(const Scene& scene) {
    const Shot shot = draw(scene);
    const Mask mask = select(shot.picture).mask;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const float distance =
                scene.object(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
            if (std::abs(distance) > scene.softness / 2 + 6) {
                ASSERT_EQ(mask.row(y)[x], distance < 0 ? 255 : 0) << x << ' ' << y;
            }
        }
    }
}

TEST(BackdropSelection, FlatBackdropsOfAnyBrightness) {
    for (const float level : {255.0F, 243.0F, 128.0F, 12.0F, 0.0F}) {
        SCOPED_TRACE(level);
        Scene scene;
        scene.light = flat({level, level, level});
        scene.object_tone = flat({190, 70, 60});
        expect_clean(scene, 0.99, 0.03);
        expect_exact_away_from_edges(scene);
    }
}

TEST(BackdropSelection, ColouredPaper) {
    Scene scene;
    scene.light = flat({70, 140, 210});
    scene.object_tone = flat({220, 210, 90});
    expect_clean(scene, 0.99, 0.03);
}

TEST(BackdropSelection, LightThatFallsOff) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    expect_clean(scene, 0.985, 0.04);
    expect_exact_away_from_edges(scene);
}

TEST(BackdropSelection, NarrowPictures) {
    for (const Size size : {Size{90, 2500}, Size{100, 3000}, Size{3000, 100}}) {
        Scene scene;
        scene.size = size;
        const auto at = [](int side, double share) {
            return static_cast<float>(std::lround(share * side));
        };
        scene.object = testing::block(at(size.width, 0.3), at(size.height, 0.3),
                                      at(size.width, 0.7), at(size.height, 0.6));
        scene.noise = 1.5F;
        const Shot shot = draw(scene);
        EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.98) << size.width;
    }
}

TEST(BackdropSelection, ASweepWithAHorizon) {
    for (const float softness : {3.0F, 40.0F}) {
        SCOPED_TRACE(softness);
        Scene scene;
        scene.light = testing::sweep(150, softness);
        scene.object_tone = flat({150, 60, 40});
        expect_clean(scene, 0.98, 0.05);
    }
}

TEST(BackdropSelection, NoiseIsNotSelected) {
    for (const float noise : {2.0F, 6.0F, 12.0F}) {
        SCOPED_TRACE(noise);
        Scene scene;
        scene.light = testing::gradient_and_vignette(scene.size);
        scene.noise = noise;
        const Shot shot = draw(scene);
        const Selection selection = select(shot.picture);
        EXPECT_GE(overlap(selection.mask, shot.truth), 0.97);
        EXPECT_LT(share_within(selection.mask, {0, 0, 300, 50}), 0.001);
        EXPECT_GT(share_within(selection.mask, {120, 90, 180, 150}), 0.999);
    }
}

TEST(BackdropSelection, ASoftShadowIsNotSelected) {
    Scene scene;
    scene.object = testing::block(100, 60, 200, 180);
    scene.object_tone = flat({50, 110, 90});
    for (const float depth : {0.15F, 0.35F}) {
        SCOPED_TRACE(depth);
        scene.shadow = testing::soft_shadow(150, 186, 110, 22, depth);
        const Shot shot = draw(scene);
        const Mask mask = select(shot.picture).mask;
        EXPECT_LT(share_within(mask, {0, 186, 300, 240}), 0.01);
        EXPECT_GE(overlap(mask, shot.truth), 0.98);
    }
}

TEST(BackdropSelection, AHardEdgeStaysHard) {
    Scene scene;
    scene.object = testing::block(100, 60, 200, 180);
    const Mask mask = select(draw(scene).picture).mask;
    for (int y = 70; y < 170; ++y) {
        ASSERT_LE(mask.row(y)[98], 8) << y;
        ASSERT_GE(mask.row(y)[101], 247) << y;
    }
}

TEST(BackdropSelection, SoftEdgesAreTrueCoverage) {
    for (const float softness : {1.0F, 3.0F, 6.0F}) {
        SCOPED_TRACE(softness);
        Scene scene;
        scene.softness = softness;
        scene.noise = 1;
        const Shot shot = draw(scene);
        EXPECT_LT(edge_error(select(shot.picture).mask, shot.truth), 0.04);
    }
}

TEST(BackdropSelection, BackdropSeenThroughARingIsNotSelected) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    for (const float thickness : {4.0F, 12.0F, 40.0F}) {
        SCOPED_TRACE(thickness);
        scene.object = testing::ring(150, 120, 70, thickness);
        const Shot shot = draw(scene);
        const Mask mask = select(shot.picture).mask;
        EXPECT_LT(share_within(mask, {125, 95, 175, 145}), 0.001);
        EXPECT_GE(overlap(mask, shot.truth), 0.95);
    }
}

TEST(BackdropSelection, BackdropInShadeBehindARingIsNotSelected) {
    Scene scene;
    scene.object = testing::ring(150, 120, 70, 7);
    scene.shadow = testing::soft_shadow(150, 190, 120, 100, 0.3F);
    const Shot shot = draw(scene);
    const Mask mask = select(shot.picture).mask;
    EXPECT_LT(share_within(mask, {110, 80, 190, 160}), 0.001);
    EXPECT_GE(overlap(mask, shot.truth), 0.9);
}

TEST(BackdropSelection, ALabelALittleDarkerThanTheBackdropIsNoHole) {
    Scene scene;
    scene.object = testing::disc(150, 120, 80);
    const testing::Field label = testing::block(110, 80, 190, 160);
    scene.object_tone = [label](float x, float y) {
        return label(x, y) < 0 ? Tone{216, 216, 216} : Tone{60, 90, 150};
    };
    expect_clean(scene, 0.99, 0.03);
    expect_exact_away_from_edges(scene);
}

TEST(BackdropSelection, ALabelBrighterHereAndDarkerThereThanTheBackdropIsNoHole) {
    Scene scene;
    scene.light = flat({225, 225, 225});
    scene.object = testing::disc(150, 120, 80);
    const testing::Field label = testing::block(110, 80, 190, 160);
    scene.object_tone = [label](float x, float y) {
        const float level = 225 + 0.5F * (x - 150);
        return label(x, y) < 0 ? Tone{level, level, level} : Tone{60, 90, 150};
    };
    expect_clean(scene, 0.99, 0.03);
    expect_exact_away_from_edges(scene);
}

TEST(BackdropSelection, ALabelOfTheBackdropsColourIsNoHoleWhereSomethingIsWrittenOnIt) {
    Scene scene;
    scene.size = {600, 480};
    scene.object = testing::block(150, 60, 450, 440);
    const testing::Field label = testing::block(180, 150, 420, 330);
    // Words of 40 x 8 pixels in lines, as near as 14 pixels to the label's edge.
    const testing::Field words = [](float x, float y) {
        const bool is_text = x > 194 && x < 406 && y > 164 && y < 300;
        const bool is_word = std::fmod(x - 194, 54.0F) < 40 && std::fmod(y - 164, 18.0F) < 8;
        return is_text && is_word ? -1.0F : 1.0F;
    };
    scene.object_tone = [label, words, light = scene.light](float x, float y) {
        if (words(x, y) < 0) {
            return Tone{40, 40, 40};
        }
        return label(x, y) < 0 ? light(x, y) : Tone{60, 90, 150};
    };
    for (const float noise : {0.0F, 3.0F}) {
        scene.noise = noise;
        expect_clean(scene, 0.99, 0.03);
    }
}

TEST(BackdropSelection, AScreenOfTheBackdropsColourIsNeitherHoleNorGlass) {
    for (const float level : {243.0F, 236.0F}) {
        Scene scene;
        scene.light = flat({level, level, level});
        scene.object = testing::block(80, 30, 220, 210);
        const testing::Field screen = testing::block(86, 36, 214, 204);
        const testing::Field lines = [](float x, float y) {
            return x > 100 && x < 180 && y > 60 && std::fmod(y, 24.0F) < 6 && y < 190 ? -1.0F
                                                                                      : 1.0F;
        };
        scene.object_tone = [screen, lines, light = scene.light](float x, float y) {
            if (lines(x, y) < 0) {
                return Tone{120, 120, 130};
            }
            return screen(x, y) < 0 ? light(x, y) : Tone{50, 50, 54};
        };
        expect_clean(scene, 0.98, 0.05);
    }
}

TEST(BackdropSelection, ObjectsThatTouchTheBorder) {
    const testing::Field placements[] = {
        testing::block(110, 90, 200, 400), testing::block(-50, 60, 90, 160),
        testing::block(-50, -50, 90, 90), testing::block(220, 150, 400, 400)};
    for (const testing::Field& object : placements) {
        Scene scene;
        scene.light = testing::gradient_and_vignette(scene.size);
        scene.object = object;
        expect_clean(scene, 0.98, 0.05);
    }
}

TEST(BackdropSelection, AnObjectNearTheBackdropsColour) {
    for (const float contrast : {8.0F, 14.0F}) {
        SCOPED_TRACE(contrast);
        Scene scene;
        scene.object_tone = flat({243 - contrast, 243 - contrast, 243 - contrast});
        scene.noise = 1;
        const Shot shot = draw(scene);
        EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.95);
    }
}

/// Where its shadow fades out it has the card's brightness, and the outline a gap.
TEST(BackdropSelection, ACardBrighterThanItsOwnShadow) {
    for (const float contrast : {8.0F, 20.0F}) {
        SCOPED_TRACE(contrast);
        Scene scene;
        scene.size = {600, 500};
        scene.object = testing::block(150, 120, 400, 360);
        scene.object_tone = flat({236 - contrast, 236 - contrast, 236 - contrast});
        scene.light = flat({236, 236, 236});
        const testing::Field below = testing::block(167, 144, 417, 384);
        scene.shadow = [below](float x, float y) {
            return 1 - 0.2F * std::clamp(0.5F - below(x, y) / 60, 0.0F, 1.0F);
        };
        scene.noise = 1;
        const Shot shot = draw(scene);
        EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.95);
    }
}

/// Its outline cannot be seen where its shading passes the backdrop's brightness.
TEST(BackdropSelection, AShadedObjectOfTheBackdropsColour) {
    for (const float noise : {0.0F, 1.0F}) {
        SCOPED_TRACE(noise);
        Scene scene;
        scene.light = flat({200, 200, 200});
        scene.object = testing::block(80, 60, 220, 180);
        scene.object_tone = [](float x, float y) {
            const float level = 200 + 0.35F * (y - 120) + 0.2F * (x - 150);
            return Tone{level, level, level};
        };
        scene.noise = noise;
        const Shot shot = draw(scene);
        EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.95);
    }
}

TEST(BackdropSelection, WhiteOnWhiteIsFoundByItsDarkerOutline) {
    Scene scene;
    const testing::Field outline = scene.object;
    scene.object_tone = [outline](float x, float y) {
        const float level = outline(x, y) > -6 ? 205.0F : 242.0F;
        return Tone{level, level, level};
    };
    const Shot shot = draw(scene);
    SelectionOptions options = by_backdrop();
    options.fill_holes = true;
    EXPECT_GE(overlap(select_object(shot.picture, options).mask, shot.truth), 0.97);
}

TEST(BackdropSelection, ThinParts) {
    for (const float thickness : {1.5F, 3.0F}) {
        SCOPED_TRACE(thickness);
        Scene scene;
        scene.light = testing::gradient_and_vignette(scene.size);
        scene.object =
            testing::both(testing::disc(90, 120, 50), testing::rod(90, 120, 270, 60, thickness));
        scene.object_tone = flat({40, 40, 45});
        const Shot shot = draw(scene);
        const Mask mask = select(shot.picture).mask;
        const Rect wire{150, 50, 275, 105};
        EXPECT_NEAR(share_within(mask, wire), share_within(shot.truth, wire),
                    0.2 * share_within(shot.truth, wire));
        EXPECT_LT(mean_error(mask, shot.truth), 0.005);
    }
}

/// Their edges are no noise, though there are so many of them.
TEST(BackdropSelection, ManyBarsUprightOrLevel) {
    const auto overlap_of_bars = [](bool are_upright) {
        Scene scene{.size = {1000, 1000}};
        scene.object = [=](float x, float y) {
            const float across = are_upright ? x : y;
            const float middle = 50 + 20 * std::floor((across - 40) / 20);
            return std::max({std::abs(across - middle) - 3, 40 - x, x - 960, 40 - y, y - 960});
        };
        scene.noise = 1;
        const Shot shot = draw(scene);
        return overlap(select(shot.picture).mask, shot.truth);
    };
    EXPECT_GE(overlap_of_bars(true), 0.95);
    EXPECT_GE(overlap_of_bars(false), 0.95);
}

TEST(BackdropSelection, GapsBetweenTheWiresOfAWhiskStayOpenToTheirEnds) {
    Scene scene;
    scene.object = testing::block(140, 190, 160, 235);
    for (const float end : {70.0F, 110.0F, 150.0F, 190.0F, 230.0F}) {
        scene.object = testing::both(scene.object, testing::rod(150, 195, end, 20, 8));
    }
    scene.light = flat({70, 64, 120});
    scene.object_tone = flat({190, 186, 176});
    const Shot shot = draw(scene);
    const Mask mask = select(shot.picture).mask;
    EXPECT_GE(overlap(mask, shot.truth), 0.99);
    const Rect where_they_meet{125, 125, 175, 185};
    EXPECT_NEAR(share_within(mask, where_they_meet), share_within(shot.truth, where_they_meet),
                0.02);
}

TEST(BackdropSelection, ANarrowFaintShadowIsNotSelected) {
    Scene scene;
    scene.size = {600, 500};
    scene.light = flat({205, 203, 200});
    scene.shadow = [](float x, float y) {
        const float reach = std::max({std::abs(y - 380) / 2, (350 - x) / 2, (x - 560) / 2, 0.0F});
        return 1 - 0.12F * std::exp(-reach * reach);
    };
    scene.object = testing::block(300, 100, 360, 384);
    const Shot shot = draw(scene);
    EXPECT_LT(share_within(select(shot.picture).mask, {380, 350, 580, 410}), 0.001);
}

/// Dark at its sides, and brighter than the backdrop in the middle.
Scene chrome_rod() {
    Scene scene;
    scene.size = {1500, 1200};
    scene.light = flat({180, 182, 186});
    scene.object = testing::rod(390, 744, 1110, 456, 58);
    scene.object_tone = [rod = scene.object](float x, float y) {
        const float depth = std::clamp(-rod(x, y) / 29, 0.0F, 1.0F);
        const float level = 90 + 150 * std::sin(1.57F * depth);
        return Tone{level, level, level + 4};
    };
    return scene;
}

TEST(BackdropSelection, FromGlossToShadeARodHasTheBackdropsColour) {
    const Shot shot = draw(chrome_rod());
    EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.95);
}

TEST(BackdropSelection, AGapBetweenABrightAndADarkPartStaysOpen) {
    Scene scene;
    scene.light = flat({150, 150, 150});
    scene.object =
        testing::both(testing::block(60, 60, 140, 180), testing::block(150, 60, 230, 180));
    scene.object_tone = [](float x, float /*y*/) {
        return x < 145 ? Tone{70, 72, 70} : Tone{226, 224, 226};
    };
    const Shot shot = draw(scene);
    EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.98);
}

TEST(BackdropSelection, SeveralObjects) {
    Scene scene;
    scene.object = testing::both(testing::disc(80, 100, 40), testing::block(180, 120, 250, 200));
    expect_clean(scene, 0.98, 0.04);
}

TEST(BackdropSelection, AGreyPictureIsSelectedAsItsColourTwin) {
    Scene scene;
    scene.object_tone = flat({80, 80, 80});
    const Image rgb = draw(scene).picture;
    const Image grey = testing::make_image(scene.size, Channels::grey, [&](int x, int y) {
        const std::uint8_t value = rgb.row(y)[3 * x];
        return Color{value, value, value};
    });
    EXPECT_EQ(select(grey).mask, select(rgb).mask);
    EXPECT_EQ(select(grey).plate, select(rgb).plate);
}

TEST(BackdropSelection, AlphaCountsOnlyWhenItSaysSomething) {
    const Shot shot = draw({});
    Image picture = to_rgba(shot.picture);
    EXPECT_EQ(select_object(picture).mask, select(shot.picture).mask);
    const auto clear_row = [&](int y) {
        for (int x = 0; x < picture.width(); ++x) {
            picture.row(y)[4 * x + 3] = 0;
        }
    };
    // Rounded corners and stray pixels are no cut-out.
    clear_row(0);
    EXPECT_EQ(select_object(picture).mask, select(shot.picture).mask);
    for (int y = 1; y < 4; ++y) {
        clear_row(y);
    }
    EXPECT_EQ(select(picture).mask, select(shot.picture).mask);
    EXPECT_EQ(select_object(picture).mode_used, SelectionMode::alpha);
    EXPECT_EQ(select_object(picture).mask.row(3)[20], 0);
    EXPECT_EQ(select_object(picture).mask.row(4)[20], 255);
}

TEST(BackdropSelection, ThePlateIsTheBackdropWithoutTheObject) {
    Scene scene;
    scene.size = {600, 400};
    scene.object = testing::disc(300, 200, 90);
    scene.light = testing::gradient_and_vignette(scene.size);
    scene.shadow = testing::soft_shadow(300, 290, 140, 25, 0.3F);
    const Selection selection = select(draw(scene).picture);
    const Image& plate = selection.plate;
    ASSERT_EQ(plate.channels(), Channels::rgb);
    ASSERT_LE(std::max(plate.width(), plate.height()), 1024);
    double sum = 0;
    for (int y = 0; y < plate.height(); ++y) {
        for (int x = 0; x < plate.width(); ++x) {
            const Tone light = scene.light(
                (static_cast<float>(x) + 0.5F) * 600 / static_cast<float>(plate.width()),
                (static_cast<float>(y) + 0.5F) * 400 / static_cast<float>(plate.height()));
            const std::uint8_t* pixel = plate.row(y) + 3 * x;
            sum += light[1];
            for (std::size_t c = 0; c < 3; ++c) {
                ASSERT_NEAR(pixel[c], light[c], 4) << x << ' ' << y;
            }
        }
    }
    EXPECT_NEAR(selection.backdrop.green, sum / (plate.width() * plate.height()), 2);
    EXPECT_EQ(selection.backdrop.alpha, 255);
}

/// A dark frame with a panel on it that equals the backdrop.
Shot framed_panel() {
    Scene scene;
    scene.object = testing::ring(150, 120, 60, 30);
    return draw(scene);
}

TEST(BackdropHints, AnObjectPointWithinAPalePartSelectsIt) {
    const Image picture = framed_panel().picture;
    EXPECT_LT(share_within(select(picture).mask, {130, 100, 170, 140}), 0.001);
    SelectionOptions options = by_backdrop();
    options.object_points = {{150, 120}};
    const Mask mask = select_object(picture, options).mask;
    EXPECT_GT(share_within(mask, {130, 100, 170, 140}), 0.999);
    EXPECT_EQ(share_within(mask, {0, 0, 300, 30}), 0);
}

TEST(BackdropHints, ABackgroundPointOpensAFilledHole) {
    for (const Tone panel : {Tone{235, 225, 220}, Tone{230, 190, 170}, Tone{240, 150, 120}}) {
        SCOPED_TRACE(panel[1]);
        Scene scene;
        const testing::Field hole = testing::disc(150, 120, 35);
        scene.object_tone = [hole, panel](float x, float y) {
            return hole(x, y) < 0 ? panel : Tone{60, 90, 150};
        };
        const Image picture = draw(scene).picture;
        EXPECT_GT(share_within(select(picture).mask, {130, 100, 170, 140}), 0.999);
        SelectionOptions options = by_backdrop();
        options.background_points = {{150, 120}};
        const Mask mask = select_object(picture, options).mask;
        EXPECT_LT(share_within(mask, {130, 100, 170, 140}), 0.005);
        EXPECT_GT(share_within(mask, {95, 110, 110, 130}), 0.999) << "the object stays";
    }
}

TEST(BackdropHints, ABackgroundPointRemovesAWholeObject) {
    Scene scene;
    scene.object = testing::both(testing::disc(80, 100, 40), testing::block(180, 120, 250, 200));
    SelectionOptions options = by_backdrop();
    options.background_points = {{215, 160}};
    const Mask mask = select_object(draw(scene).picture, options).mask;
    EXPECT_EQ(share_within(mask, {150, 0, 300, 240}), 0);
    EXPECT_GT(share_within(mask, {60, 80, 100, 120}), 0.999);
}

TEST(BackdropHints, PointsOnPlainBackdropChangeNothing) {
    const Image picture = draw({}).picture;
    SelectionOptions options = by_backdrop();
    options.object_points = {{20, 20}, {150, 120}};
    options.background_points = {{280, 220}};
    EXPECT_EQ(select_object(picture, options).mask, select(picture).mask);
}

TEST(BackdropHints, TheBoxMayCutTheObject) {
    const Shot shot = draw({});
    SelectionOptions options = by_backdrop();
    options.box = Rect{150, 0, 300, 240};
    const Selection selection = select_object(shot.picture, options);
    EXPECT_EQ(share_within(selection.mask, {0, 0, 150, 240}), 0);
    EXPECT_GT(share_within(selection.mask, {150, 90, 195, 150}), 0.999);
    EXPECT_GE(selection.confidence.value_or(-1), 0.5);
}

TEST(BackdropConfidence, AnObjectThatLeavesOnlyTheCornersIsDoubted) {
    Scene scene;
    scene.object = testing::disc(150, 120, 160);
    const Selection selection = select(draw(scene).picture);
    EXPECT_LT(selection.confidence.value_or(1), 0.5);
    EXPECT_FALSE(selection.doubts.empty());
}

TEST(BackdropHints, TheBoxBoundsTheObject) {
    Scene scene;
    scene.object = testing::both(testing::disc(80, 100, 40), testing::block(180, 120, 250, 200));
    SelectionOptions options = by_backdrop();
    options.box = Rect{30, 40, 140, 160};
    const Selection selection = select_object(draw(scene).picture, options);
    const Rect bounds = selected_bounds(selection.mask);
    EXPECT_NEAR(bounds.left, 40, 1);
    EXPECT_NEAR(bounds.right, 120, 1);
    EXPECT_GE(selection.confidence.value_or(-1), 0.8);
}

TEST(BackdropHints, LargestPartHolesAndHardEdges) {
    Scene scene;
    scene.object = testing::both(testing::ring(90, 120, 55, 20), testing::disc(240, 60, 12));
    scene.softness = 3;
    SelectionOptions options = by_backdrop();
    options.keep_largest = true;
    options.fill_holes = true;
    options.hard = true;
    const Mask mask = select_object(draw(scene).picture, options).mask;
    EXPECT_EQ(share_within(mask, {200, 0, 300, 240}), 0);
    EXPECT_EQ(share_within(mask, {70, 100, 110, 140}), 1);
    for (const std::uint8_t value : mask.bytes()) {
        ASSERT_TRUE(value == 0 || value == 255);
    }
}

void expect_nothing(const Image& picture) {
    const Selection selection = select(picture);
    EXPECT_EQ(selection.mask, Mask(picture.size(), 0));
    EXPECT_EQ(selection.confidence, 0.0);
    EXPECT_EQ(selection.doubts, std::vector{SelectionDoubt::nothing_found});
    EXPECT_FALSE(selection.plate.empty());
}

TEST(BackdropConfidence, AnEmptyBackdropHoldsNothing) {
    Scene scene;
    scene.object = testing::disc(-100, -100, 1);
    expect_nothing(draw(scene).picture);
    scene.light = testing::gradient_and_vignette(scene.size);
    expect_nothing(draw(scene).picture);
    scene.noise = 5;
    expect_nothing(draw(scene).picture);
}

TEST(BackdropConfidence, ConstantPicturesHoldNothing) {
    for (const Color color : {Color{255, 255, 255}, Color{0, 0, 0}, Color{200, 30, 90}}) {
        const Image picture = solid_image({211, 133}, Channels::rgb, color);
        expect_nothing(picture);
        EXPECT_EQ(select(picture).backdrop, color);
    }
}

TEST(BackdropConfidence, PureNoiseIsNotTrusted) {
    const Selection selection = select(testing::noise_image({300, 240}, Channels::rgb, 6));
    EXPECT_LT(selection.confidence.value_or(1), 0.4);
    EXPECT_FALSE(selection.doubts.empty());
}

TEST(BackdropConfidence, ABusyPlaceIsNoBackdrop) {
    // Blots of any colour and size, all over the picture.
    const Image picture = testing::make_image({400, 300}, Channels::rgb, [](int x, int y) {
        const auto wave = [&](double a, double b, double shift) {
            return static_cast<std::uint8_t>(
                127.5 + 127 * std::sin(a * x + 2 * std::sin(0.05 * y + shift)) *
                            std::cos(b * y + 2 * std::sin(0.04 * x)));
        };
        return Color{wave(0.11, 0.07, 0), wave(0.05, 0.13, 1), wave(0.09, 0.08, 2)};
    });
    const Selection selection = select(picture);
    EXPECT_LT(selection.confidence.value_or(1), 0.5);
    EXPECT_FALSE(selection.doubts.empty());
}

TEST(BackdropConfidence, AnObjectAcrossAllSidesIsNotTrusted) {
    Scene scene;
    scene.object =
        testing::both(testing::rod(-50, 120, 350, 120, 200), testing::rod(150, -50, 150, 300, 240));
    scene.noise = 1;
    const testing::Field stripes = [](float x, float y) {
        return std::sin(x / 7) * std::sin(y / 11);
    };
    scene.object_tone = [stripes](float x, float y) {
        const float s = 60 * stripes(x, y);
        return Tone{120 + s, 100 - s, 90};
    };
    const Selection selection = select(draw(scene).picture);
    EXPECT_LT(selection.confidence.value_or(1), 0.5);
    EXPECT_FALSE(selection.doubts.empty());
}

TEST(BackdropConfidence, SmallAndThinObjectsAreTrusted) {
    Scene scene;
    scene.size = {600, 400};
    scene.object_tone = flat({40, 40, 45});
    for (const testing::Field& object :
         {testing::disc(300, 200, 5), testing::disc(300, 200, 2),
          testing::rod(50, 220, 540, 200, 2), testing::ring(300, 200, 120, 3)}) {
        scene.object = object;
        const Shot shot = draw(scene);
        const Selection selection = select(shot.picture);
        EXPECT_GE(overlap(selection.mask, shot.truth), 0.9);
        EXPECT_GE(selection.confidence.value_or(-1), 0.75);
        EXPECT_TRUE(selection.doubts.empty());
    }
}

TEST(BackdropConfidence, DoubtsBelongToALowConfidence) {
    for (const float noise : {0.0F, 10.0F, 40.0F, 100.0F}) {
        Scene scene;
        scene.noise = noise;
        const Selection selection = select(draw(scene).picture);
        const double confidence = selection.confidence.value_or(-1);
        EXPECT_GE(confidence, 0);
        EXPECT_LE(confidence, 1);
        if (!selection.doubts.empty()) {
            EXPECT_LT(confidence, 0.5) << noise;
        }
        if (noise == 100) {
            EXPECT_TRUE(has_doubt(selection, SelectionDoubt::backdrop_not_clean) ||
                        has_doubt(selection, SelectionDoubt::nothing_found));
        }
    }
}

TEST(BackdropDeterminism, AnyNumberOfThreadsGivesTheSameBytes) {
    for (const float noise : {3.0F, 30.0F}) {
        Scene scene;
        scene.size = {601, 443};
        scene.object =
            testing::both(testing::ring(300, 200, 100, 30), testing::rod(50, 20, 550, 400, 2));
        scene.light = testing::gradient_and_vignette(scene.size);
        scene.noise = noise;
        const Image picture = draw(scene).picture;
        SelectionOptions options = by_backdrop();
        options.threads = 1;
        const Selection once = select_object(picture, options);
        for (const int threads : {1, 2, 8, 0}) {
            options.threads = threads;
            const Selection again = select_object(picture, options);
            EXPECT_EQ(again.mask, once.mask) << threads << ' ' << noise;
            EXPECT_EQ(again.plate, once.plate) << threads << ' ' << noise;
            EXPECT_EQ(again.confidence, once.confidence) << threads << ' ' << noise;
        }
    }
}

TEST(BackdropSizes, TinyAndNarrowPictures) {
    for (const Size size : {Size{1, 1},
                            {1, 500},
                            {500, 1},
                            {2, 2},
                            {7, 7},
                            {8, 8},
                            {9, 9},
                            {8, 300},
                            {9, 2000},
                            {2000, 9},
                            {20, 20'000},
                            {33, 17}}) {
        for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
            const Selection selection = select(testing::noise_image(size, channels, 9));
            EXPECT_EQ(selection.mask.size(), size);
            EXPECT_FALSE(selection.plate.empty());
            const double confidence = selection.confidence.value_or(-1);
            EXPECT_GE(confidence, 0) << to_string(size);
            EXPECT_LE(confidence, 1) << to_string(size);
        }
        expect_nothing(solid_image(size, Channels::rgb, {9, 200, 9, 255}));
    }
}

TEST(BackdropSizes, SmallObjectsInSmallPictures) {
    Scene scene;
    scene.size = {41, 35};
    scene.object = testing::disc(20, 17, 9);
    const Shot shot = draw(scene);
    EXPECT_GE(overlap(select(shot.picture).mask, shot.truth), 0.9);
}

TEST(BackdropSizes, OddSizes) {
    for (const Size size : {Size{257, 199}, {401, 333}, {349, 601}}) {
        Scene scene;
        scene.size = size;
        scene.object = testing::disc(static_cast<float>(size.width) / 2,
                                     static_cast<float>(size.height) / 2, 55);
        scene.light = testing::gradient_and_vignette(size);
        SCOPED_TRACE(to_string(size));
        expect_clean(scene, 0.985, 0.04);
    }
}

TEST(BackdropSizes, TwelveMegapixels) {
    Image picture(Size{4000, 3000}, Channels::rgb);
    const auto inside = [](int x, int y) {
        return (x - 2000) * (x - 2000) + (y - 1500) * (y - 1500) < 900 * 900;
    };
    for (int y = 0; y < 3000; ++y) {
        for (int x = 0; x < 4000; ++x) {
            const int value = inside(x, y) ? 90 : 235 - x / 200;
            std::fill_n(picture.row(y) + 3 * x, 3, static_cast<std::uint8_t>(value));
        }
    }
    const Selection selection = select(picture);
    int wrong = 0;
    for (int y = 0; y < 3000; ++y) {
        for (int x = 0; x < 4000; ++x) {
            wrong += (selection.mask.row(y)[x] >= 128) != inside(x, y) ? 1 : 0;
        }
    }
    EXPECT_LT(wrong, 6000) << "about one pixel along the outline";
    EXPECT_GE(selection.confidence.value_or(-1), 0.8);
    EXPECT_LE(std::max(selection.plate.width(), selection.plate.height()), 1024);
}

}  // namespace
}  // namespace editprep::imaging
