#include "backdrop/region_rules.hpp"

#include <gtest/gtest.h>

/// Facts typed by hand, one of them changed at a time: on this side of a rule's limit and on that.
namespace editprep::imaging {
namespace {

constexpr float kLight = 400;
constexpr int kCells = 500;

/// A third darker than the backdrop and of its colour, with a soft edge to it.
struct SoftShadow {
    RegionLook look{.shadow = {.depth = 0.3F, .off = 0.025F * kLight, .light = kLight},
                    .units = 50,
                    .off_units = 20,
                    .strength = 50,
                    .varied = 0.5};
    OpenSide side{.share = 0.35, .seen = 1, .sharpness = 0.17};

    [[nodiscard]] bool is_backdrop() const { return imaging::is_backdrop(look, kCells, side); }
};

TEST(SoftShadows, AreBackdrop) { EXPECT_TRUE(SoftShadow().is_backdrop()); }

TEST(SoftShadows, AreDarker) {
    SoftShadow brighter;
    brighter.look.shadow.depth = -0.05F;
    EXPECT_FALSE(brighter.is_backdrop());
}

TEST(SoftShadows, AreOfTheLightsColour) {
    SoftShadow shadow;
    shadow.look.shadow.off = 0.032F * kLight;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.look.shadow.off = 0.05F * kLight;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(SoftShadows, AreDeepOnlyWhereTheyBorderOnTheOpen) {
    SoftShadow shadow;
    shadow.look.shadow.depth = 0.55F;
    EXPECT_FALSE(shadow.is_backdrop());
    shadow.side.share = 0.45;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.look.shadow.depth = 0.8F;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(SoftShadows, TouchTheOpen) {
    SoftShadow shadow;
    shadow.side.sharpness = 0.1;
    shadow.side.share = 0.1;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.side.share = 0.06;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(SoftShadows, AreTheSofterTheLessTheyTouchIt) {
    SoftShadow shadow;
    shadow.side.sharpness = 0.22;
    EXPECT_FALSE(shadow.is_backdrop());
    shadow.side.sharpness = 0.15;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.side.share = 0.25;
    EXPECT_FALSE(shadow.is_backdrop());
    shadow.side.sharpness = 0.11;
    EXPECT_TRUE(shadow.is_backdrop());
}

TEST(SoftShadows, AreNotCrispInThePictureItself) {
    SoftShadow shadow;
    shadow.side.crispness = 0.4F;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.side.crispness = 0.5F;
    EXPECT_FALSE(shadow.is_backdrop());
}

/// Narrow in the copy and blurred in the picture.
SoftShadow blurred_shadow() {
    SoftShadow shadow;
    shadow.side.sharpness = 0.3;
    shadow.side.crispness = 0.27F;
    return shadow;
}

TEST(BlurredShadows, AreBackdrop) {
    SoftShadow shadow = blurred_shadow();
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.look.shadow.off = 0.05F * kLight;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(BlurredShadows, MustBeSeenToBeBlurred) {
    SoftShadow shadow = blurred_shadow();
    shadow.side.crispness = 0.35F;
    EXPECT_FALSE(shadow.is_backdrop());
    shadow.side.crispness.reset();
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(BlurredShadows, AreNotSharpInTheCopy) {
    SoftShadow shadow = blurred_shadow();
    shadow.side.sharpness = 0.36;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(BlurredShadows, MayBeALittleDeeper) {
    SoftShadow shadow = blurred_shadow();
    shadow.look.shadow.depth = 0.55F;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.look.shadow.depth = 0.65F;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(BlurredShadows, AreNotEnclosed) {
    SoftShadow shadow = blurred_shadow();
    shadow.side.share = 0.25;
    EXPECT_FALSE(shadow.is_backdrop());
}

/// Of the light's very hue and in the open, with an edge that is a little less blurred.
SoftShadow plain_shadow() {
    SoftShadow shadow = blurred_shadow();
    shadow.look.shadow.off = 0.005F * kLight;
    shadow.side.share = 0.7;
    shadow.side.crispness = 0.4F;
    return shadow;
}

TEST(PlainShadows, NeedNotBeAsBlurred) {
    SoftShadow shadow = plain_shadow();
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.side.crispness = 0.47F;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(PlainShadows, NeedHardlyBeBlurredIfTheyAreOfOneTone) {
    SoftShadow shadow = plain_shadow();
    shadow.side.crispness = 0.55F;
    shadow.look.varied = 0.05;
    EXPECT_TRUE(shadow.is_backdrop());
    shadow.look.varied = 0.15;
    EXPECT_FALSE(shadow.is_backdrop());
    shadow.look.varied = 0.05;
    shadow.side.crispness = 0.65F;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(PlainShadows, HaveTheLightsHue) {
    SoftShadow shadow = plain_shadow();
    shadow.look.shadow.off = 0.02F * kLight;
    EXPECT_FALSE(shadow.is_backdrop());
}

TEST(PlainShadows, LieInTheOpen) {
    SoftShadow shadow = plain_shadow();
    shadow.side.share = 0.4;
    EXPECT_FALSE(shadow.is_backdrop());
}

/// Like the backdrop, behind something that differs much more from both; no shadow.
struct Alike {
    RegionLook look{.shadow = {.depth = 0, .off = 0, .light = kLight},
                    .units = 6,
                    .off_units = 5,
                    .varied = 1,
                    .slight = true};
    OpenSide side{.share = 0.07, .seen = 1, .sharpness = 3.5};

    [[nodiscard]] bool is_backdrop() const { return imaging::is_backdrop(look, kCells, side); }
};

TEST(WhatIsAlikeAcrossAnOutline, IsBackdrop) { EXPECT_TRUE(Alike().is_backdrop()); }

TEST(WhatIsAlikeAcrossAnOutline, IsLitAlike) {
    Alike region;
    region.look.slight = false;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsAlikeAcrossAnOutline, IsAboutOfItsColour) {
    Alike region;
    region.look.off_units = 7;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsAlikeAcrossAnOutline, DiffersLessThanTheOutline) {
    Alike region;
    region.side.sharpness = 2.5;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsAlikeAcrossAnOutline, BordersOnTheOpen) {
    Alike region;
    region.side.share = 0.03;
    EXPECT_FALSE(region.is_backdrop());
}

/// Half of its outline lies at the open backdrop, whose colour it has.
struct Behind {
    RegionLook look{.shadow = {.depth = 0, .off = 0, .light = kLight},
                    .units = 2.5F,
                    .off_units = 1.3F,
                    .varied = 0.2};
    OpenSide side{.share = 0.35, .seen = 1, .sharpness = 0.3};

    [[nodiscard]] bool is_backdrop() const { return imaging::is_backdrop(look, kCells, side); }
};

TEST(WhatIsBehindSomethingThin, LooksLikeTheBackdrop) {
    Behind region;
    EXPECT_TRUE(region.is_backdrop());
    region.look.off_units = 1.9F;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsBehindSomethingThin, IsNoLitShape) {
    Behind region;
    region.look.lit_and_shaded = true;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsBehindSomethingThin, MayBeInShade) {
    Behind region;
    region.look.units = 3.5F;
    EXPECT_FALSE(region.is_backdrop());
    region.side.sharpness = 1.1;
    EXPECT_TRUE(region.is_backdrop());
    region.side.sharpness = 0.9;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsBehindSomethingThin, MayBeLessThinBeforeAShadeThatVaries) {
    Behind region;
    region.look.units = 3.5F;
    region.side.sharpness = 0.6;
    region.look.varied = 0.5;
    EXPECT_TRUE(region.is_backdrop());
    region.look.varied = 0.3;
    EXPECT_FALSE(region.is_backdrop());
    region.look.varied = 0.5;
    region.side.sharpness = 0.4;
    EXPECT_FALSE(region.is_backdrop());
}

/// Enclosed, and of the backdrop's colour.
struct SeenThrough {
    RegionLook look{.shadow = {.depth = 0.1F, .off = 0, .light = kLight},
                    .units = 5,
                    .off_units = 1.8F,
                    .varied = 0.2,
                    .slight = true};
    OpenSide side{};
    int cells = kCells;

    [[nodiscard]] bool is_backdrop() const { return imaging::is_backdrop(look, cells, side); }
};

TEST(WhatIsSeenThroughAnObject, HasTheBackdropsColour) {
    SeenThrough region;
    EXPECT_TRUE(region.is_backdrop());
    region.look.off_units = 2.5F;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsSeenThroughAnObject, IsOnlyALittleInShade) {
    SeenThrough region;
    region.look.slight = false;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsSeenThroughAnObject, IsNoLitShape) {
    SeenThrough region;
    region.look.lit_and_shaded = true;
    EXPECT_FALSE(region.is_backdrop());
}

TEST(WhatIsSeenThroughAnObject, VariesIfItIsWideAndInShade) {
    SeenThrough region;
    region.cells = 3000;
    EXPECT_FALSE(region.is_backdrop());
    region.look.varied = 0.35;
    EXPECT_TRUE(region.is_backdrop());
    region.look.varied = 0.2;
    region.look.units = 2.5F;
    EXPECT_TRUE(region.is_backdrop());
    region.look.units = 5;
    region.cells = 2000;
    EXPECT_TRUE(region.is_backdrop());
}

TEST(WhatIsSeenThroughAnObject, VariesIfItIsPlainlyInShade) {
    SeenThrough region;
    region.cells = 150;
    region.look.units = 9;
    region.look.varied = 0.05;
    EXPECT_FALSE(region.is_backdrop());
    region.look.varied = 0.08;
    EXPECT_TRUE(region.is_backdrop());
    region.look.varied = 0.05;
    region.look.units = 7;
    EXPECT_TRUE(region.is_backdrop());
    region.look.units = 9;
    region.cells = 80;
    EXPECT_TRUE(region.is_backdrop());
}

/// Behind a steep rim, slightly darker and tinted.
struct Pane {
    RegionLook look{.shadow = {.depth = 0.1F, .off = 0.1F * kLight, .light = kLight},
                    .units = 20,
                    .off_units = 15,
                    .varied = 1.2,
                    .slight = true};
    OpenSide side{.share = 0.4, .seen = 0.4, .sharpness = 0.3, .steepness = 1.6F};
    int cells = 1700;

    [[nodiscard]] bool is_pane() const { return imaging::is_pane(look, cells, side); }
};

TEST(Panes, AreBehindARim) {
    Pane pane;
    EXPECT_TRUE(pane.is_pane());
    pane.side.steepness = 1.2F;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, HaveARimThatIsSeen) {
    Pane pane;
    pane.side.seen = 0.2;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, LieAtTheOpenBackdrop) {
    Pane pane;
    pane.side.share = 0.25;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, AreLarge) {
    Pane pane;
    pane.cells = 1300;
    EXPECT_FALSE(pane.is_pane());
    pane.look.off_units = 1.8F;
    EXPECT_TRUE(pane.is_pane());
    pane.cells = 900;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, AreNotMuchDarker) {
    Pane pane;
    pane.look.shadow.depth = 0.2F;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, AreBrighterOnlyWithoutATint) {
    Pane pane;
    pane.look.shadow.depth = -0.3F;
    EXPECT_FALSE(pane.is_pane());
    pane.look.off_units = 1.8F;
    EXPECT_TRUE(pane.is_pane());
}

TEST(Panes, AreNotMuchTinted) {
    Pane pane;
    pane.look.shadow.off = 0.15F * kLight;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, AreEvenAndNotOfOneTone) {
    Pane pane;
    pane.look.varied = 0.1;
    EXPECT_FALSE(pane.is_pane());
    pane.look.varied = 1.7;
    EXPECT_FALSE(pane.is_pane());
}

TEST(Panes, AreNoLitShapes) {
    Pane pane;
    pane.look.lit_and_shaded = true;
    EXPECT_FALSE(pane.is_pane());
}

/// Large, flat, and with a rim that is steeper than other edges, though not by itself.
Pane flat_pane() {
    Pane pane;
    pane.look.varied = 0.3;
    pane.side.steepness = 0.8F;
    pane.side.crispness = 1.8F;
    pane.cells = 3000;
    return pane;
}

TEST(FlatPanes, MayHaveAFaintRim) {
    Pane pane = flat_pane();
    EXPECT_TRUE(pane.is_pane());
    pane.side.steepness = 0.6F;
    EXPECT_FALSE(pane.is_pane());
}

TEST(FlatPanes, HaveARimThatIsSteeperThanOtherEdges) {
    Pane pane = flat_pane();
    pane.side.crispness = 1.4F;
    EXPECT_FALSE(pane.is_pane());
    pane.side.crispness.reset();
    EXPECT_FALSE(pane.is_pane());
}

TEST(FlatPanes, AreFlat) {
    Pane pane = flat_pane();
    pane.look.varied = 0.5;
    EXPECT_FALSE(pane.is_pane());
}

TEST(FlatPanes, AreVeryLarge) {
    Pane pane = flat_pane();
    pane.cells = 2000;
    EXPECT_FALSE(pane.is_pane());
}

/// Slightly shaded, with a rim of something dark around it.
struct Screen {
    RegionLook look{
        .shadow = {.depth = 0.02F, .off = 0, .light = kLight}, .units = 8, .slight = true};
    OpenSide side{.share = 0.9, .seen = 1, .sharpness = 0.6, .crispness = 0.2F};

    [[nodiscard]] bool may_be_paper() const { return imaging::may_be_paper(look, side); }
};

TEST(Paper, MayLieBehindARim) { EXPECT_TRUE(Screen().may_be_paper()); }

TEST(Paper, IsLitLikeTheBackdrop) {
    Screen deep;
    deep.look.slight = false;
    EXPECT_FALSE(deep.may_be_paper());
}

TEST(Paper, IsNoShadow) {
    Screen screen;
    screen.side.sharpness = 0.15;
    EXPECT_FALSE(screen.may_be_paper());
    screen.look.shadow.depth = 0;
    EXPECT_TRUE(screen.may_be_paper());
}

TEST(Paper, MayHaveARimSoWideThatItIsFlat) {
    Screen screen;
    screen.side.sharpness = 0.02;
    EXPECT_TRUE(screen.may_be_paper());
}

TEST(Enclosed, IsWhatHardlyBordersOnTheOpen) {
    EXPECT_TRUE(is_enclosed({.share = 0.27}));
    EXPECT_FALSE(is_enclosed({.share = 0.33}));
}

/// So many cells, with gaps of so many sides in an outline of 100.
Pocket pocket(std::size_t cells, int gap) {
    return {CellVector<std::size_t>(cells), gap, 100 - gap};
}

TEST(PocketRules, MostlyOutlinedIsWhatHasFewGaps) {
    EXPECT_TRUE(is_mostly_outlined(pocket(35, 22)));
    EXPECT_FALSE(is_mostly_outlined(pocket(35, 28)));
    EXPECT_FALSE(is_mostly_outlined(pocket(25, 22)));
}

TEST(PocketRules, PartlyOutlinedIsWhatHasASideOrTwo) {
    EXPECT_TRUE(is_partly_outlined({.gap = 72, .outline = 28}));
    EXPECT_FALSE(is_partly_outlined({.gap = 78, .outline = 22}));
}

TEST(PocketRules, AnotherColourIsAnObjects) {
    RegionLook look{
        .shadow = {.depth = 0.1F, .off = 5, .light = kLight}, .units = 3.5F, .off_units = 2.9F};
    EXPECT_TRUE(is_of_other_color(look));
    look.off_units = 2.3F;
    EXPECT_FALSE(is_of_other_color(look));
    look.off_units = 2.9F;
    look.units = 2.5F;
    EXPECT_FALSE(is_of_other_color(look));
}

TEST(PocketRules, NoShadowOnTheOpenBackdropIsThatDeep) {
    RegionLook look{.shadow = {.depth = 0.35F, .off = 0, .light = kLight}, .units = 50};
    EXPECT_TRUE(is_of_other_color(look));
    look.shadow.depth = 0.25F;
    EXPECT_FALSE(is_of_other_color(look));
}

TEST(PocketRules, WhatIsBrighterIsAnObject) {
    RegionLook look{.shadow = {.depth = -0.03F, .off = 0, .light = kLight}, .units = 4.5F};
    EXPECT_TRUE(is_of_other_color(look));
    look.units = 3.5F;
    EXPECT_FALSE(is_of_other_color(look));
    look.units = 4.5F;
    look.shadow.depth = -0.015F;
    EXPECT_FALSE(is_of_other_color(look));
}

TEST(PocketRules, NoShadowIsWhatIsWellOutlined) {
    const RegionLook look{.strength = 4.5, .varied = 0.17};
    EXPECT_TRUE(is_no_hard_shadow(pocket(35, 18), look));
    EXPECT_FALSE(is_no_hard_shadow(pocket(35, 22), look));
}

TEST(PocketRules, NoShadowIsNeitherFlatNorOfOneTone) {
    EXPECT_FALSE(is_no_hard_shadow(pocket(35, 18), {.strength = 3.5, .varied = 0.17}));
    EXPECT_FALSE(is_no_hard_shadow(pocket(35, 18), {.strength = 4.5, .varied = 0.13}));
}

TEST(PocketRules, WhatIsLargeAndHardlyDarkerIsNoShadowThoughOfOneTone) {
    const auto of_one_tone = [](float depth) {
        return RegionLook{.shadow = {.depth = depth}, .strength = 4.5, .varied = 0.02};
    };
    EXPECT_TRUE(is_no_hard_shadow(pocket(550, 18), of_one_tone(0.13F)));
    EXPECT_TRUE(is_no_hard_shadow(pocket(550, 18), of_one_tone(-0.13F)));
    EXPECT_FALSE(is_no_hard_shadow(pocket(450, 18), of_one_tone(0.13F)));
    EXPECT_FALSE(is_no_hard_shadow(pocket(550, 18), of_one_tone(0.17F)));
    EXPECT_FALSE(is_no_hard_shadow(pocket(550, 22), of_one_tone(0.13F)));
}

TEST(PocketRules, AnOutlineAloneIsWhatHasBackdropWithin) {
    const RegionLook look{.varied = 1.6};
    EXPECT_TRUE(is_outline_only(pocket(1100, 18), look, 0.65));
    EXPECT_FALSE(is_outline_only(pocket(1100, 18), look, 0.55));
    EXPECT_FALSE(is_outline_only(pocket(900, 18), look, 0.65));
    EXPECT_FALSE(is_outline_only(pocket(1100, 18), {.varied = 1.2}, 0.65));
}

/// A pocket with a crisp outline at the open backdrop.
struct SetOff {
    RegionLook look{.units = 3.5F};
    int length = 120;
    int open = 100;
    int gap = 20;
    OpenSide side{
        .share = 0.8, .seen = 0.3, .sharpness = 0.6, .steepness = 1.2F, .crispness = 0.5F};

    [[nodiscard]] bool is_set_off() const {
        Surround surround;
        surround.length = length;
        surround.to_open.length = open;
        return imaging::is_set_off(pocket(35, gap), look, surround, side);
    }
};

TEST(SettingOff, ACrispOutlineDoesIt) { EXPECT_TRUE(SetOff().is_set_off()); }

TEST(SettingOff, TheOutlineBordersOnTheOpen) {
    // Without the gap it is 23 of 85, and 19.
    SetOff pocket{.length = 90, .open = 28, .gap = 5};
    EXPECT_TRUE(pocket.is_set_off());
    pocket.open = 24;
    EXPECT_FALSE(pocket.is_set_off());
}

TEST(SettingOff, TheOutlineIsLongerThanTheGap) {
    SetOff pocket{.gap = 30};
    EXPECT_TRUE(pocket.is_set_off());
    pocket.gap = 36;
    EXPECT_FALSE(pocket.is_set_off());
}

TEST(SettingOff, TheOutlineIsSeenThroughTheNoise) {
    SetOff pocket;
    pocket.side.seen = 0.2;
    EXPECT_FALSE(pocket.is_set_off());
}

TEST(SettingOff, TheOutlineIsNothingThin) {
    SetOff pocket;
    pocket.side.sharpness = 0.7;
    EXPECT_FALSE(pocket.is_set_off());
}

TEST(SettingOff, TheOutlineIsCrisp) {
    SetOff pocket;
    pocket.side.crispness = 0.4F;
    EXPECT_FALSE(pocket.is_set_off());
    pocket.side.crispness.reset();
    EXPECT_FALSE(pocket.is_set_off());
}

TEST(SettingOff, TheOutlineIsNoRimAroundTheBackdrop) {
    SetOff pocket;
    pocket.side.steepness = 1.4F;
    EXPECT_TRUE(pocket.is_set_off());
    pocket.look.units = 2.5F;
    EXPECT_FALSE(pocket.is_set_off());
    pocket.side.steepness = 1.1F;
    EXPECT_TRUE(pocket.is_set_off());
}

TEST(CrispSettingOff, IsCrisperThanOtherEdges) {
    SetOff plateau;
    plateau.side.crispness = 0.9F;
    EXPECT_TRUE(is_crisply_set_off(plateau.look, plateau.side));
    plateau.side.crispness = 0.8F;
    EXPECT_FALSE(is_crisply_set_off(plateau.look, plateau.side));
    plateau.side.crispness.reset();
    EXPECT_FALSE(is_crisply_set_off(plateau.look, plateau.side));
}

TEST(CrispSettingOff, IsAStep) {
    SetOff plateau;
    plateau.side.crispness = 0.9F;
    plateau.side.sharpness = 0.7;
    EXPECT_FALSE(is_crisply_set_off(plateau.look, plateau.side));
}

/// A box whose lit side goes over into the backdrop.
TEST(CrispSettingOff, OfAnEvenFaceLittleOfTheOutlineIsEnough) {
    SetOff face;
    face.side.seen = 0.12;
    face.side.crispness = 1.5F;
    face.look.units = 20;
    face.look.varied = 0.14;
    EXPECT_TRUE(is_crisply_set_off(face.look, face.side));
    face.look.varied = 0.3;
    EXPECT_FALSE(is_crisply_set_off(face.look, face.side));
    face.look.varied = 0.14;
    face.look.units = 10;
    EXPECT_FALSE(is_crisply_set_off(face.look, face.side));
    face.look.units = 20;
    face.side.crispness = 1;
    EXPECT_FALSE(is_crisply_set_off(face.look, face.side));
    face.side.crispness = 1.5F;
    face.side.seen = 0.05;
    EXPECT_FALSE(is_crisply_set_off(face.look, face.side));
}

}  // namespace
}  // namespace editprep::imaging
