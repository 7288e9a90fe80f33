#include "backdrop/coarse_to_fine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "drawn_scene.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {
namespace {

using testing::draw;
using testing::flat;
using testing::overlap;
using testing::Scene;
using testing::Shot;

using Cells = CellVector<std::size_t>;

/// Green on olive, in grain that is stronger than the difference.
Scene grainy_scene() {
    Scene scene;
    scene.light = flat({112, 108, 60});
    scene.object_tone = flat({72, 116, 76});
    scene.noise = 20;
    return scene;
}

/// What coarse cells show where single cells have found this share of the object.
Cells find(const Shot& shot, float found = 0, const KnownCells& known = {}) {
    const WorkCopy copy = make_work_copy(shot.picture);
    Plane share(copy.size());
    for (std::size_t i = 0; i < share.count(); ++i) {
        share[i] = found * static_cast<float>(shot.truth.bytes()[i]) / 255;
    }
    return find_objects_in_noise(shot.picture, copy, share, known, 1);
}

Cells find(const Scene& scene, float found = 0) { return find(draw(scene), found); }

TEST(CoarseToFine, FindsWhatDrownsInTheNoise) {
    const Shot shot = draw(grainy_scene());
    const Cells cells = find(shot);
    const auto is_object = [&](std::size_t i) { return shot.truth.bytes()[i] == 255; };
    const auto found = std::count_if(cells.begin(), cells.end(), is_object);
    const auto all = std::count(shot.truth.bytes().begin(), shot.truth.bytes().end(), 255);
    EXPECT_GT(static_cast<double>(found), 0.85 * static_cast<double>(all));
    EXPECT_GT(static_cast<double>(found), 0.98 * static_cast<double>(cells.size()));
}

TEST(CoarseToFine, TheSelectionTakesItIn) {
    const Shot shot = draw(grainy_scene());
    const Selection selection = select_object(shot.picture, {.mode = SelectionMode::backdrop});
    EXPECT_GT(overlap(selection.mask, shot.truth), 0.95);
}

TEST(CoarseToFine, TellsOnlyWhatSingleCellsDoNot) {
    EXPECT_TRUE(find(grainy_scene(), 1).empty());
    EXPECT_FALSE(find(grainy_scene(), 0.4F).empty());
}

TEST(CoarseToFine, ASoftShadowIsNoObject) {
    Scene scene = grainy_scene();
    scene.noise = 6;
    scene.object = testing::disc(1000, 0, 1);
    scene.shadow = testing::soft_shadow(150, 120, 70, 40, 0.4F);
    EXPECT_TRUE(find(scene).empty());
}

TEST(CoarseToFine, WhatIsAsDarkAsAShadowMustBeLarge) {
    Scene scene = grainy_scene();
    scene.noise = 6;
    scene.object_tone = flat({79, 76, 42});
    scene.object = testing::disc(150, 120, 15);
    EXPECT_TRUE(find(scene).empty());
    scene.object = testing::disc(150, 120, 24);
    EXPECT_FALSE(find(scene).empty());
}

/// Without a colour of its own.
TEST(CoarseToFine, FindsGreyOnGrey) {
    Scene scene = grainy_scene();
    scene.light = flat({160, 160, 160});
    scene.object_tone = flat({124, 124, 124});
    const Shot shot = draw(scene);
    const Selection selection = select_object(shot.picture, {.mode = SelectionMode::backdrop});
    EXPECT_GT(overlap(selection.mask, shot.truth), 0.8);
}

TEST(CoarseToFine, ASpeckIsNoObject) {
    Scene scene = grainy_scene();
    scene.noise = 6;
    scene.object_tone = flat({20, 40, 200});
    scene.object = testing::disc(150, 120, 4);
    EXPECT_TRUE(find(scene).empty());
    scene.object = testing::disc(150, 120, 12);
    EXPECT_FALSE(find(scene).empty());
}

TEST(CoarseToFine, GapsThatCoarseCellsCloseStayOpen) {
    Scene scene;
    scene.light = flat({190, 140, 140});
    scene.object_tone = flat({150, 190, 170});
    scene.noise = 14;
    scene.object = [](float x, float y) {
        const float off = std::abs(std::fmod(x, 24.0F) - 12) - 3;
        return std::max(off, testing::block(60, 60, 240, 180)(x, y));
    };
    EXPECT_TRUE(find(scene, 1).empty());
}

TEST(CoarseToFine, ABackgroundPointIsHeard) {
    const Shot shot = draw(grainy_scene());
    EXPECT_LT(find(shot, 0, {{}, {{150, 120}}}).size(), find(shot).size());
}

/// The last coarse cells have as many pixels as the others, on every level.
TEST(CoarseToFine, OddSizesAreAsGood) {
    for (const int side : {321, 337, 345}) {
        Scene scene = grainy_scene();
        scene.size = {side, side};
        const auto middle = static_cast<float>(side) / 2;
        scene.object = testing::disc(middle, middle, middle / 2);
        scene.noise = 30;
        const Shot shot = draw(scene);
        const Selection selection = select_object(shot.picture, {.mode = SelectionMode::backdrop});
        EXPECT_GT(overlap(selection.mask, shot.truth), 0.95) << side;
        for (const std::size_t i : find(shot)) {
            ASSERT_LT(i, shot.truth.bytes().size());
        }
    }
}

TEST(CoarseToFine, SmallPicturesAreDone) {
    Scene scene = grainy_scene();
    scene.size = {60, 61};
    scene.object = testing::disc(30, 30, 16);
    scene.noise = 14;
    const Shot shot = draw(scene);
    const Selection selection = select_object(shot.picture, {.mode = SelectionMode::backdrop});
    EXPECT_GT(overlap(selection.mask, shot.truth), 0.85);
}

TEST(CoarseToFine, AFewCellsAreNotJoined) {
    constexpr Size kFew{2, 2};
    Scene scene = grainy_scene();
    scene.size = kFew;
    const Shot shot = draw(scene);
    const WorkCopy copy = make_work_copy(shot.picture);
    Evidence evidence = weigh_evidence(shot.picture, copy, fit_light(copy), {}, 1);
    evidence.noise.step = 30;
    evidence.noise.raw.luma = 30;
    EXPECT_EQ(solve_coarse_to_fine(shot.picture, copy, {}, 1, evidence).size(), kFew);
}

/// Whether an object that its own cells do not show is found, the noise being thought to be this.
bool is_found(
    const Shot& shot, const std::function<void(CellNoise&)>& think = [](CellNoise&) {}) {
    const WorkCopy copy = make_work_copy(shot.picture);
    Evidence evidence = weigh_evidence(shot.picture, copy, fit_light(copy), {}, 1);
    evidence.field.object = Plane(copy.size(), 1e-4F);
    think(evidence.noise);
    return solve_coarse_to_fine(shot.picture, copy, {}, 1, evidence).at(150, 120) > 0.5F;
}

TEST(CoarseToFine, WithoutNoiseTheEvidenceIsLeftAsItIs) {
    Scene scene = grainy_scene();
    EXPECT_TRUE(is_found(draw(scene)));
    scene.noise = 2;
    EXPECT_FALSE(is_found(draw(scene)));
}

TEST(CoarseToFine, TextureOfManyCellsIsNoNoise) {
    const Shot shot = draw(grainy_scene());
    EXPECT_TRUE(
        is_found(shot, [](CellNoise& noise) { noise.smooth.luma = 0.7F * noise.raw.luma; }));
    EXPECT_FALSE(
        is_found(shot, [](CellNoise& noise) { noise.smooth.luma = 0.9F * noise.raw.luma; }));
}

}  // namespace
}  // namespace editprep::imaging
