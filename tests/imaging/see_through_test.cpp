#include "backdrop/see_through.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "drawn_scene.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {
namespace {

using testing::Scene;
using testing::Tone;

constexpr Tone kSmoke{40, 60, 50};

/// Cover by the distance to the outline, which is negative inside.
using Cover = std::function<float(float distance)>;

float glass(float distance) { return 0.15F + 0.5F * std::exp(distance / 6); }

Scene drinking_glass(const Cover& cover) {
    Scene scene;
    scene.object = testing::disc(150, 120, 80);
    scene.object_tone = [light = scene.light, object = scene.object, cover](float x, float y) {
        const float share = cover(std::min(0.0F, object(x, y)));
        Tone tone = light(x, y);
        for (std::size_t c = 0; c < tone.size(); ++c) {
            tone[c] += share * (kSmoke[c] - tone[c]);
        }
        return tone;
    };
    scene.noise = 1;
    return scene;
}

Selection select(const Scene& scene) {
    SelectionOptions options;
    options.mode = SelectionMode::backdrop;
    return select_object(testing::draw(scene).picture, options);
}

double middle(const Selection& selection) {
    return testing::share_within(selection.mask, {140, 110, 160, 130});
}

TEST(SeeThrough, GlassCoversLessInItsMiddleThanAtItsRim) {
    const Selection selection = select(drinking_glass(glass));
    EXPECT_GT(middle(selection), 0.05);
    EXPECT_LT(middle(selection), 0.3);
    const double rim = testing::share_within(selection.mask, {74, 115, 78, 125});
    EXPECT_GT(rim, 2 * middle(selection));
}

TEST(SeeThrough, GlassOnBlackIsSeenAsWell) {
    Scene scene = drinking_glass(glass);
    scene.light = testing::flat({22, 22, 24});
    scene.object_tone = [object = scene.object](float x, float y) {
        const float share = glass(std::min(0.0F, object(x, y)));
        return Tone{22 + share * 200, 22 + share * 210, 24 + share * 205};
    };
    EXPECT_LT(middle(select(scene)), 0.35);
}

TEST(SeeThrough, WhatIsSaidToBeObjectCoversAll) {
    SelectionOptions options;
    options.mode = SelectionMode::backdrop;
    options.object_points = {{150, 120}};
    const testing::Shot shot = testing::draw(drinking_glass(glass));
    EXPECT_GT(middle(select_object(shot.picture, options)), 0.98);
}

TEST(SeeThrough, TheSilhouetteAndAHardMaskAreWhole) {
    const testing::Shot shot = testing::draw(drinking_glass(glass));
    SelectionOptions options;
    options.mode = SelectionMode::backdrop;
    options.silhouette = true;
    EXPECT_GT(middle(select_object(shot.picture, options)), 0.98);
    options.silhouette = false;
    options.hard = true;
    EXPECT_EQ(middle(select_object(shot.picture, options)), 1);
}

TEST(SeeThrough, APlainObjectCoversAll) {
    const Selection selection = select(drinking_glass([](float) { return 0.3F; }));
    EXPECT_GT(middle(selection), 0.98);
}

/// Clear glass: its wall shows only where one looks along it, and is a little thicker there.
TEST(SeeThrough, WhatHasTheBackdropsColourBehindAThinRimIsAPane) {
    const Selection selection = select(drinking_glass([](float distance) {
        return distance > -4 ? 0.6F : 0.03F + 0.06F * std::exp(distance / 25);
    }));
    EXPECT_LT(middle(selection), 0.35);
    EXPECT_GT(testing::share_within(selection.mask, {71, 118, 72, 122}), 0.5);
}

/// Drawings are so, and sheets of paper on a table.
TEST(SeeThrough, AnEvenCardWithALineAroundItCoversAll) {
    for (const float tone : {-0.3F, 0.08F}) {
        Scene scene;
        scene.object = testing::disc(150, 120, 80);
        scene.light = testing::flat({180, 180, 180});
        scene.noise = 1;
        scene.object_tone = [object = scene.object, tone](float x, float y) {
            const float share = object(x, y) > -4 ? 0.7F : tone;
            return Tone{180 - share * 150, 180 - share * 150, 180 - share * 150};
        };
        EXPECT_GT(middle(select(scene)), 0.98) << tone;
    }
}

/// A pastel card, cut out sharply, and sharpened in the camera.
TEST(SeeThrough, AFlatCardHardlyDarkerThanTheBackdropCoversAll) {
    for (const float overshoot : {0.0F, 0.35F}) {
        Scene scene = drinking_glass([overshoot](float distance) {
            return distance > -1.5F ? 0.1F + 0.1F * overshoot : 0.1F;
        });
        scene.object = testing::block(80, 40, 220, 200);
        EXPECT_GT(middle(select(scene)), 0.98) << overshoot;
    }
}

/// A clock's face, a plate: the border ends abruptly.
TEST(SeeThrough, ABorderedObjectCoversAll) {
    const Selection selection =
        select(drinking_glass([](float distance) { return distance > -14 ? 0.8F : 0.3F; }));
    EXPECT_GT(middle(selection), 0.98);
}

/// A ball: one side is as bright as the other is dark.
TEST(SeeThrough, AnObjectLitFromOneSideCoversAll) {
    Scene scene = drinking_glass(glass);
    scene.object_tone = [object = scene.object](float x, float y) {
        const float side = (x - 150 + y - 120) / 113;
        const float level = 150 - 60 * side * std::exp(object(x, y) / 12);
        return Tone{level, level, level};
    };
    EXPECT_GT(middle(select(scene)), 0.98);
}

/// A highlight is no mixture of backdrop and glass.
TEST(SeeThrough, AHighlightOnGlassCoversAll) {
    Scene scene = drinking_glass(glass);
    scene.light = testing::flat({150, 160, 150});
    scene.object_tone = [object = scene.object](float x, float y) {
        if (std::abs(x - 120) < 4 && std::abs(y - 110) < 20) {
            return Tone{250, 250, 250};
        }
        const float share = glass(std::min(0.0F, object(x, y)));
        return Tone{150 - share * 110, 160 - share * 100, 150 - share * 100};
    };
    const Selection selection = select(scene);
    EXPECT_LT(middle(selection), 0.4);
    EXPECT_GT(testing::share_within(selection.mask, {118, 100, 122, 120}), 0.9);
}

/// White paper leaves it little room to be brighter.
TEST(SeeThrough, AHighlightBeforeABrightBackdropCoversAll) {
    Scene scene = drinking_glass(glass);
    scene.light = testing::flat({232, 232, 232});
    scene.object_tone = [object = scene.object](float x, float y) {
        if (std::abs(x - 120) < 4 && std::abs(y - 110) < 20) {
            return Tone{254, 254, 254};
        }
        const float share = glass(std::min(0.0F, object(x, y)));
        return Tone{232 - share * 190, 232 - share * 170, 232 - share * 180};
    };
    const Selection selection = select(scene);
    EXPECT_LT(middle(selection), 0.3);
    EXPECT_GT(testing::share_within(selection.mask, {118, 100, 122, 120}), 0.9);
}

/// Smoky glass, and what is joined to it.
Scene joined(const testing::Field& glassware, const testing::Field& other, const Tone& tone) {
    Scene scene = drinking_glass(glass);
    scene.object = testing::both(glassware, other);
    scene.object_tone = [light = scene.light, outline = scene.object, other, tone](float x,
                                                                                   float y) {
        if (other(x, y) < 0) {
            return tone;
        }
        const float share = glass(std::min(0.0F, outline(x, y)));
        Tone mixed = light(x, y);
        for (std::size_t c = 0; c < mixed.size(); ++c) {
            mixed[c] += share * (kSmoke[c] - mixed[c]);
        }
        return mixed;
    };
    return scene;
}

TEST(SeeThrough, TheCapOfABottleCoversAll) {
    const Selection selection =
        select(joined(testing::disc(150, 140, 80), testing::block(120, 26, 180, 66), {25, 25, 25}));
    EXPECT_LT(middle(selection), 0.3);
    EXPECT_GT(testing::share_within(selection.mask, {124, 30, 176, 60}), 0.98);
}

/// A pale label on something dark and round, before white: it goes from side to side, and its rims
/// are what it is glued to.
TEST(SeeThrough, ALabelCoversAll) {
    Scene scene;
    const testing::Field bottle = testing::block(90, 20, 210, 225);
    scene.object = bottle;
    scene.object_tone = [](float x, float y) {
        const float round = 1 - 0.5F * std::pow(std::abs(x - 150) / 60, 3.0F);
        const bool is_label = y > 100 && y < 170 && std::abs(x - 150) < 56;
        const Tone tone = is_label ? Tone{236, 234, 232} : Tone{110, 25, 25};
        return Tone{round * tone[0], round * tone[1], round * tone[2]};
    };
    scene.noise = 1;
    const Selection selection = select(scene);
    EXPECT_GT(testing::share_within(selection.mask, {95, 25, 205, 220}), 0.99);
}

/// Even if it has the colour of the glass.
TEST(SeeThrough, WhatTouchesGlassCoversAll) {
    const Selection selection =
        select(joined(testing::disc(110, 120, 80), testing::block(187, 60, 270, 180), kSmoke));
    EXPECT_LT(testing::share_within(selection.mask, {100, 110, 120, 130}), 0.3);
    EXPECT_GT(testing::share_within(selection.mask, {196, 66, 264, 174}), 0.98);
}

TEST(SeeThrough, GlassAboveItsContentsIsThinned) {
    const testing::Field outline = testing::disc(150, 120, 90);
    const testing::Field contents = [outline](float x, float y) {
        return std::max(outline(x, y), 130 - y);
    };
    const Selection selection = select(joined(outline, contents, {170, 120, 40}));
    EXPECT_LT(testing::share_within(selection.mask, {130, 70, 170, 110}), 0.3);
    EXPECT_GT(testing::share_within(selection.mask, {110, 140, 190, 190}), 0.98);
}

/// Many parts, of which one is glass.
TEST(SeeThrough, AJarUnderALidIsThinnedWhateverItHolds) {
    const testing::Field jar = testing::block(70, 20, 230, 220);
    const testing::Field lid = testing::block(70, 20, 230, 50);
    testing::Field others = lid;
    for (int k = 0; k < 10; ++k) {
        const auto at = static_cast<float>(k);
        others = testing::both(
            others, testing::disc(90 + 13 * at, 200 - 18 * static_cast<float>(k % 3), 11));
    }
    const Selection selection = select(joined(jar, others, {170, 40, 40}));
    EXPECT_LT(testing::share_within(selection.mask, {120, 80, 180, 130}), 0.35);
    EXPECT_GT(testing::share_within(selection.mask, {76, 26, 224, 46}), 0.98);
}

/// The lower part of a mat ball, lit from above and one side, before white.
TEST(SeeThrough, AVaseOnADarkBaseCoversAll) {
    Scene scene;
    const testing::Field vase = testing::disc(150, 110, 80);
    const testing::Field base = testing::block(110, 180, 190, 215);
    scene.object = testing::both(vase, base);
    scene.object_tone = [base](float x, float y) {
        if (base(x, y) < 0) {
            return Tone{50, 40, 35};
        }
        const float right = (x - 150) / 80;
        const float down = (y - 110) / 80;
        const float out = std::sqrt(std::max(0.0F, 1 - right * right - down * down));
        const float level = 110 + 90 * std::max(0.0F, 0.8F * out - 0.3F * right - 0.5F * down);
        return Tone{level, level, level};
    };
    scene.noise = 1;
    const Selection selection = select(scene);
    EXPECT_GT(middle(selection), 0.98);
    EXPECT_GT(testing::share_within(selection.mask, {115, 185, 185, 210}), 0.98);
}

/// On a base. Its rim stands out at the right side alone, as that of an opaque ball may.
Scene globe(const Tone& own, float cover, float rim) {
    Scene scene;
    scene.light = [](float, float y) {
        const float level = 150 + 50 / (1 + std::exp((y - 125) / 12));
        return Tone{level, level, level};
    };
    const testing::Field ball = testing::disc(150, 110, 80);
    const testing::Field base = testing::block(110, 185, 190, 215);
    scene.object = testing::both(ball, base);
    scene.object_tone = [light = scene.light, ball, base, own, cover, rim](float x, float y) {
        if (base(x, y) < 0) {
            return Tone{30, 30, 30};
        }
        const float step = rim * (1 + (x - 150) / 80) * std::exp(ball(x, y) / 6);
        Tone tone = light(x, y);
        for (std::size_t c = 0; c < tone.size(); ++c) {
            tone[c] += cover * (own[c] - tone[c]) + step;
        }
        return tone;
    };
    scene.noise = 1;
    return scene;
}

TEST(SeeThrough, GlassIsKnownByTheLightBehindItAsWell) {
    EXPECT_LT(middle(select(globe({250, 250, 250}, 0.3F, 20))), 0.45);
}

/// As dark as black glass would make it: its own colour is none.
TEST(SeeThrough, AnOpaqueObjectInTheSameLightCoversAll) {
    EXPECT_GT(middle(select(globe({0, 0, 0}, 0.2F, -25))), 0.98);
}

/// A book: the lamp is nearer to it than to the wall, and falls off less there.
TEST(SeeThrough, AFlatFaceInFallingLightCoversAll) {
    Scene scene;
    scene.light = [](float, float y) {
        const float level = 210 - 0.2F * y;
        return Tone{level, level, level};
    };
    scene.object = testing::block(80, 40, 220, 200);
    scene.object_tone = [](float, float y) {
        const float level = 165 - 0.11F * y;
        return Tone{level, level, level - 10};
    };
    scene.noise = 1;
    EXPECT_GT(middle(select(scene)), 0.98);
}

enum class Lenses { one, two, two_apart };

/// Tinted by this much, in dark frames.
Scene lenses(Lenses lenses, float cover) {
    Scene scene;
    scene.light = testing::flat({190, 186, 180});
    const testing::Field left = testing::disc(85, 120, 48);
    const testing::Field right = lenses == Lenses::one ? left : testing::disc(215, 120, 48);
    const testing::Field both = testing::both(left, right);
    scene.object =
        lenses == Lenses::two ? testing::both(both, testing::block(120, 116, 180, 124)) : both;
    scene.object_tone = [light = scene.light, both, cover](float x, float y) {
        const float share = both(x, y) > -5 ? 1 : cover;
        Tone tone = light(x, y);
        const Tone own = share == 1 ? Tone{30, 28, 26} : Tone{120, 60, 30};
        for (std::size_t c = 0; c < tone.size(); ++c) {
            tone[c] += share * (own[c] - tone[c]);
        }
        return tone;
    };
    scene.noise = 1;
    return scene;
}

TEST(SeeThrough, OneSeesThroughTheLensesOfSpectaclesNotTheirFrame) {
    for (const float cover : {0.15F, 0.35F}) {
        const Selection selection = select(lenses(Lenses::two, cover));
        for (const int x : {85, 215}) {
            const double lens = testing::share_within(selection.mask, {x - 10, 110, x + 10, 130});
            EXPECT_NEAR(lens, cover, 0.2) << x;
            EXPECT_LT(lens, 0.5);
        }
        EXPECT_GT(testing::share_within(selection.mask, {39, 118, 41, 122}), 0.95);
    }
}

/// A clock, or two plates.
TEST(SeeThrough, FacesInFramesThatDoNotHangTogetherCoverAll) {
    for (const Lenses kind : {Lenses::one, Lenses::two_apart}) {
        const Selection selection = select(lenses(kind, 0.15F));
        EXPECT_GT(testing::share_within(selection.mask, {75, 110, 95, 130}), 0.98);
    }
}

/// One of its stripes may look like glass.
TEST(SeeThrough, AStripedObjectCoversAll) {
    Scene scene = drinking_glass(glass);
    scene.object_tone = [plain = scene.object_tone](float x, float y) {
        return static_cast<int>(x + y) / 24 % 2 == 0 ? plain(x, y) : Tone{40, 60, 150};
    };
    EXPECT_GT(middle(select(scene)), 0.98);
}

TEST(SeeThrough, NothingIsThinnedWithoutVeils) {
    const testing::Shot shot = testing::draw(Scene{});
    const WorkCopy copy = make_work_copy(shot.picture);
    Mask mask = shot.truth;
    thin_veils(shot.picture, copy, copy.mean, {}, mask);
    EXPECT_TRUE(std::equal(mask.bytes().begin(), mask.bytes().end(), shot.truth.bytes().begin()));
}

TEST(SeeThrough, FindsNoVeilWhereThereIsNoObject) {
    Scene scene;
    scene.object = testing::disc(-1000, 0, 1);
    const WorkCopy copy = make_work_copy(testing::draw(scene).picture);
    EXPECT_TRUE(find_veils(copy, fit_light(copy), Plane(copy.size()),
                           Grid<Verdict>(copy.size(), Verdict::unknown))
                    .veils.empty());
    // All of it, so that nothing is outside.
    EXPECT_TRUE(find_veils(copy, fit_light(copy), Plane(copy.size(), 1.0F),
                           Grid<Verdict>(copy.size(), Verdict::object))
                    .veils.empty());
}

}  // namespace
}  // namespace editprep::imaging
