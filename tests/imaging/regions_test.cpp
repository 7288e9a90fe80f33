#include "backdrop/regions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "backdrop/evidence.hpp"
#include "drawn_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::Scene;

/// The verdict of each pixel of a picture so small that its cells are its pixels.
Grid<Verdict> verdicts_of(const Scene& scene, const KnownCells& known = {}) {
    const Image picture = testing::draw(scene).picture;
    const WorkCopy copy = make_work_copy(picture);
    EXPECT_EQ(copy.scale, 1);
    return weigh_evidence(picture, copy, fit_light(copy), known, 1).verdict;
}

bool is_backdrop(Verdict verdict) { return verdict == Verdict::open || verdict == Verdict::hole; }

TEST(Regions, TheObjectIsToldFromTheOpenBackdrop) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    for (const float noise : {0.0F, 4.0F}) {
        scene.noise = noise;
        const Grid<Verdict> verdicts = verdicts_of(scene);
        EXPECT_EQ(verdicts.at(5, 5), Verdict::open);
        EXPECT_EQ(verdicts.at(290, 120), Verdict::open);
        EXPECT_EQ(verdicts.at(150, 120), Verdict::object);
    }
}

TEST(Regions, TheOutlineIsPartedAtItsStrongestEdge) {
    Scene scene;
    scene.object = testing::block(100, 60, 200, 180);
    const Grid<Verdict> verdicts = verdicts_of(scene);
    EXPECT_EQ(verdicts.at(98, 120), Verdict::backdrop_side);
    EXPECT_EQ(verdicts.at(101, 120), Verdict::object_side);
}

TEST(Regions, BackdropSeenThroughAnObjectIsAHole) {
    Scene scene;
    scene.object = testing::ring(150, 120, 60, 30);
    EXPECT_EQ(verdicts_of(scene).at(150, 120), Verdict::hole);
    EXPECT_EQ(verdicts_of(scene).at(150, 60), Verdict::object);
}

TEST(Regions, ColourWithinAnObjectIsNoHole) {
    Scene scene;
    const testing::Field hole = testing::disc(150, 120, 30);
    scene.object_tone = [hole](float x, float y) {
        return hole(x, y) < 0 ? testing::Tone{240, 200, 190} : testing::Tone{60, 90, 150};
    };
    const Grid<Verdict> verdicts = verdicts_of(scene);
    EXPECT_EQ(verdicts.at(150, 120), Verdict::object);
    EXPECT_EQ(verdicts.at(180, 120), Verdict::inner_edge);
}

/// A block with a label of the backdrop's colour, and on it a ring of another.
Scene labelled_block(const testing::Tone& ring_tone) {
    Scene scene;
    scene.object = testing::block(90, 60, 210, 180);
    const testing::Tone light = scene.light(150, 120);
    const testing::Field label = testing::block(105, 75, 195, 165);
    const testing::Field ring = testing::ring(150, 120, 28, 10);
    scene.object_tone = [=](float x, float y) {
        if (ring(x, y) < 0) {
            return ring_tone;
        }
        return label(x, y) < 0 ? light : testing::Tone{60, 90, 150};
    };
    return scene;
}

TEST(Regions, ALabelWithLetteringIsNoHole) {
    const Grid<Verdict> verdicts = verdicts_of(labelled_block({40, 60, 50}));
    EXPECT_EQ(verdicts.at(112, 85), Verdict::print);
    EXPECT_EQ(verdicts.at(150, 120), Verdict::print);
}

/// What is seen in a thin rim, so much darker than the backdrop, with two icons or without.
Verdict verdict_in_rim(float darker, bool has_icons) {
    Scene scene;
    scene.object = testing::block(90, 40, 210, 200);
    const testing::Field screen = testing::block(96, 46, 204, 194);
    const testing::Field icons =
        testing::both(testing::disc(125, 80, 9), testing::disc(125, 120, 9));
    const float level = scene.light(150, 120)[0] - darker;
    scene.object_tone = [=](float x, float y) {
        if (has_icons && icons(x, y) < 0) {
            return testing::Tone{60, 120, 220};
        }
        return screen(x, y) < 0 ? testing::Tone{level, level, level} : testing::Tone{30, 30, 30};
    };
    return verdicts_of(scene).at(170, 120);
}

TEST(Regions, WhatIsWrittenWithinAThinRimIsNoHole) {
    for (const float darker : {0.0F, 5.0F}) {
        EXPECT_EQ(verdict_in_rim(darker, false), Verdict::hole) << darker;
        EXPECT_EQ(verdict_in_rim(darker, true), Verdict::print) << darker;
    }
}

TEST(Regions, AHoleMayHaveAShadowInIt) {
    const Grid<Verdict> verdicts = verdicts_of(labelled_block({215, 215, 215}));
    EXPECT_EQ(verdicts.at(112, 85), Verdict::hole);
}

/// What is seen in a ring, of the backdrop in shade so deep at its left and at its right.
Verdict verdict_in_shade(float least, float most) {
    Scene scene;
    scene.object_tone = [=](float x, float y) {
        const float depth = least + (most - least) * std::clamp((x - 128) / 44, 0.0F, 1.0F);
        const float lit = 243 * (1 - depth);
        return testing::disc(150, 120, 22)(x, y) < 0 ? testing::Tone{lit, lit, lit}
                                                     : testing::Tone{60, 90, 150};
    };
    return verdicts_of(scene).at(150, 120);
}

TEST(Regions, ShadeOfOneToneIsNoHole) {
    EXPECT_EQ(verdict_in_shade(0, 0), Verdict::hole);
    EXPECT_EQ(verdict_in_shade(0, 0.2F), Verdict::hole);
    EXPECT_EQ(verdict_in_shade(0.12F, 0.12F), Verdict::object);
}

TEST(Regions, ASoftShadowIsBackdrop) {
    Scene scene;
    scene.shadow = testing::soft_shadow(150, 185, 110, 25, 0.35F);
    EXPECT_TRUE(is_backdrop(verdicts_of(scene).at(150, 205)));
}

/// A grey patch on a wide backdrop that fades out over so many pixels, and is darker in its core.
testing::Field patch_shadow(float penumbra, float depth, float core_depth = 0) {
    const testing::Field patch = testing::block(280, 420, 640, 540);
    const testing::Field core = testing::block(400, 455, 520, 500);
    return [=](float x, float y) {
        return 1 - depth * std::clamp(0.5F - patch(x, y) / penumbra, 0.0F, 1.0F) -
               core_depth * std::clamp(0.5F - core(x, y) / penumbra, 0.0F, 1.0F);
    };
}

Grid<Verdict> verdicts_of_patch(const testing::Field& object, const testing::Field& shadow) {
    Scene scene{.size = {900, 720}};
    scene.object = object;
    scene.shadow = shadow;
    const Image picture = testing::draw(scene).picture;
    const WorkCopy copy = make_work_copy(picture);
    EXPECT_EQ(copy.scale, 3);
    return weigh_evidence(picture, copy, fit_light(copy), {}, 1).verdict;
}

const testing::Field kBlockAbovePatch = testing::block(300, 200, 600, 380);

TEST(Regions, AShadowOnlyBlurredInThePictureItselfIsBackdrop) {
    const auto verdict = [](float penumbra) {
        return verdicts_of_patch(kBlockAbovePatch, patch_shadow(penumbra, 0.25F)).at(153, 160);
    };
    EXPECT_TRUE(is_backdrop(verdict(9)));
    EXPECT_EQ(verdict(1), Verdict::object);
}

TEST(Regions, AShadowWithACoreIsNoPrint) {
    const Grid<Verdict> verdicts =
        verdicts_of_patch(kBlockAbovePatch, patch_shadow(9, 0.25F, 0.35F));
    EXPECT_TRUE(is_backdrop(verdicts.at(110, 160)));
    EXPECT_TRUE(is_backdrop(verdicts.at(190, 160)));
}

TEST(Regions, AThingInAShadowIsNoPrint) {
    const Grid<Verdict> verdicts =
        verdicts_of_patch(testing::disc(460, 480, 30), patch_shadow(9, 0.1F));
    EXPECT_TRUE(is_backdrop(verdicts.at(110, 160)));
    EXPECT_EQ(verdicts.at(153, 160), Verdict::object);
}

/// A grey box with a shadow below it and to its right that is as dark where it begins, or all of it
/// a shadow without a box.
Verdict verdict_in_grey_box(bool is_box) {
    Scene scene;
    scene.light = testing::flat({210, 210, 210});
    const testing::Field box = testing::block(80, 60, 180, 160);
    scene.object_tone = testing::flat({140, 140, 140});
    scene.object = is_box ? box : testing::disc(30, 30, 10);
    const float penumbra = is_box ? 0.01F : 8;
    scene.shadow = [=](float x, float y) {
        const float beyond = std::hypot(std::max(0.0F, x - 180), std::max(0.0F, y - 160));
        const float before = std::max({0.0F, 80 - x, 60 - y});
        return 1 - std::clamp(1 - beyond / 40, 0.0F, 1.0F) *
                       std::clamp(1 - before / penumbra, 0.0F, 1.0F) / 3;
    };
    return verdicts_of(scene).at(130, 110);
}

TEST(Regions, AnObjectWithTheToneOfItsOwnShadowIsFound) {
    EXPECT_EQ(verdict_in_grey_box(true), Verdict::object);
    EXPECT_EQ(verdict_in_grey_box(false), Verdict::open);
}

TEST(Regions, AnObjectWhoseOutlineHasAGapIsNotOpen) {
    Scene scene;
    scene.object = testing::block(90, 60, 210, 180);
    // Below it ends as sharply as above; in the middle of its upper side it comes out of the
    // backdrop's colour so slowly that there is no edge.
    const testing::Tone light = scene.light(150, 30);
    scene.object_tone = [light](float x, float y) {
        const testing::Tone own{light[0] - 40, light[1] - 10, light[2] - 40};
        const float gap = std::clamp((std::abs(x - 150) - 4) / 8, 0.0F, 1.0F);
        const float share = std::max(gap, std::clamp((y - 60) / 40, 0.0F, 1.0F));
        testing::Tone tone{};
        for (std::size_t c = 0; c < 3; ++c) {
            tone[c] = light[c] + share * (own[c] - light[c]);
        }
        return tone;
    };
    const Grid<Verdict> verdicts = verdicts_of(scene);
    EXPECT_TRUE(is_of_object(verdicts.at(150, 140)));
    EXPECT_EQ(verdicts.at(150, 30), Verdict::open);
}

TEST(Regions, AWhiteObjectOfWhichOneSideHardlyShowsIsFound) {
    Scene scene;
    const float light = scene.light(150, 30)[0];
    scene.object = testing::block(80, 40, 220, 190);
    // In the middle of its left side it comes out of the backdrop's colour slowly.
    scene.object_tone = [light](float x, float y) {
        const float depth = 0.05F + 0.06F * (y - 40) / 150;
        const float beside = std::clamp((std::abs(y - 110) - 17) / 8, 0.0F, 1.0F);
        const float inward = std::clamp((x - 80) / 60, 0.0F, 1.0F);
        const float lit = light * (1 - depth * std::max(beside, inward));
        return testing::Tone{lit, lit, lit};
    };
    const Grid<Verdict> verdicts = verdicts_of(scene);
    EXPECT_EQ(verdicts.at(160, 110), Verdict::object);
    EXPECT_EQ(verdicts.at(40, 110), Verdict::open);
}

TEST(Regions, APaleCorkInADarkBottleIsNoHole) {
    Scene scene;
    const float light = scene.light(150, 30)[0];
    scene.object = testing::block(60, 60, 240, 180);
    const testing::Field cork = testing::block(120, 60, 180, 116);
    // As a shade might be, but with a crisp end above, which is seen on both sides of the middle.
    scene.object_tone = [=](float x, float y) {
        if (cork(x, y) >= 0) {
            return testing::Tone{60, 90, 150};
        }
        const float depth = 0.06F + 0.14F * (x - 120) / 60;
        const float beside = std::clamp((std::abs(x - 150) - 4) / 8, 0.0F, 1.0F);
        const float below = std::clamp((y - 60) / 30, 0.0F, 1.0F);
        const float lit = light * (1 - depth * std::max(beside, below));
        return testing::Tone{lit, lit, lit};
    };
    EXPECT_EQ(verdicts_of(scene).at(150, 95), Verdict::object);
}

TEST(Regions, SomethingThinHasBackdropOnBothSides) {
    Scene scene;
    scene.object = testing::rod(20, 120, 280, 121, 2);
    EXPECT_EQ(verdicts_of(scene).at(150, 120), Verdict::outer_edge);
}

TEST(Regions, FaintSpokesHoldAHub) {
    Scene wheel;
    wheel.object = testing::both(testing::ring(150, 120, 100, 16), testing::disc(150, 120, 16));
    const testing::Field rim_and_hub = wheel.object;
    for (int k = 0; k < 12; ++k) {
        const float turn = 0.1F + 0.5236F * static_cast<float>(k);
        wheel.object = testing::both(
            wheel.object,
            testing::rod(150, 120, 150 + 100 * std::cos(turn), 120 + 100 * std::sin(turn), 1.5F));
    }
    wheel.object_tone = [rim_and_hub](float x, float y) {
        return rim_and_hub(x, y) < 1 ? testing::Tone{60, 60, 60} : testing::Tone{225, 225, 225};
    };
    const Grid<Verdict> verdicts = verdicts_of(wheel);
    EXPECT_TRUE(is_backdrop(verdicts.at(150, 60)));
    EXPECT_TRUE(is_backdrop(verdicts.at(205, 140)));
}

TEST(Regions, SomebodyKnowsBetter) {
    Scene ring;
    ring.object = testing::ring(150, 120, 60, 30);
    EXPECT_EQ(verdicts_of(ring, {.object = {{150, 120}}, .backdrop = {}}).at(155, 125),
              Verdict::object);
    EXPECT_EQ(verdicts_of(Scene{}, {.object = {}, .backdrop = {{150, 120}}}).at(155, 125),
              Verdict::told_backdrop);
    EXPECT_EQ(verdicts_of(Scene{}, {.object = {{5, 5}}, .backdrop = {}}).at(5, 5), Verdict::open);
    const Grid<Verdict> no_label =
        verdicts_of(labelled_block({40, 60, 50}), {.object = {}, .backdrop = {{112, 85}}});
    EXPECT_EQ(no_label.at(114, 90), Verdict::told_backdrop);
    EXPECT_EQ(no_label.at(150, 120), Verdict::hole);
}

}  // namespace
}  // namespace editprep::imaging
