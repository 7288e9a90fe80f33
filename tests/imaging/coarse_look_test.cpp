#include "backdrop/coarse_look.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

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
Cells look(const Shot& shot, float found = 0, const KnownCells& known = {}) {
    const WorkCopy copy = make_work_copy(shot.picture);
    Plane share(copy.size());
    for (std::size_t i = 0; i < share.count(); ++i) {
        share[i] = found * static_cast<float>(shot.truth.bytes()[i]) / 255;
    }
    return look_at_coarse_cells(shot.picture, copy, share, known, 1);
}

Cells look(const Scene& scene, float found = 0) { return look(draw(scene), found); }

TEST(CoarseLook, FindsWhatDrownsInTheNoise) {
    const Shot shot = draw(grainy_scene());
    const Cells cells = look(shot);
    const auto is_object = [&](std::size_t i) { return shot.truth.bytes()[i] == 255; };
    const auto found = std::count_if(cells.begin(), cells.end(), is_object);
    const auto all = std::count(shot.truth.bytes().begin(), shot.truth.bytes().end(), 255);
    EXPECT_GT(static_cast<double>(found), 0.85 * static_cast<double>(all));
    EXPECT_GT(static_cast<double>(found), 0.98 * static_cast<double>(cells.size()));
}

TEST(CoarseLook, TheSelectionTakesItIn) {
    const Shot shot = draw(grainy_scene());
    const Selection selection = select_object(shot.picture, {.mode = SelectionMode::backdrop});
    EXPECT_GT(overlap(selection.mask, shot.truth), 0.95);
}

TEST(CoarseLook, TellsOnlyWhatSingleCellsDoNot) {
    EXPECT_TRUE(look(grainy_scene(), 1).empty());
    EXPECT_FALSE(look(grainy_scene(), 0.4F).empty());
}

TEST(CoarseLook, AShadowIsNoObject) {
    Scene scene = grainy_scene();
    scene.noise = 6;
    scene.object_tone = flat({79, 76, 42});
    EXPECT_TRUE(look(scene).empty());
}

TEST(CoarseLook, ASpeckIsNoObject) {
    Scene scene = grainy_scene();
    scene.noise = 6;
    scene.object_tone = flat({20, 40, 200});
    scene.object = testing::disc(150, 120, 4);
    EXPECT_TRUE(look(scene).empty());
    scene.object = testing::disc(150, 120, 12);
    EXPECT_FALSE(look(scene).empty());
}

TEST(CoarseLook, GapsThatCoarseCellsCloseStayOpen) {
    Scene scene;
    scene.light = flat({190, 140, 140});
    scene.object_tone = flat({150, 190, 170});
    scene.noise = 14;
    scene.object = [](float x, float y) {
        const float off = std::abs(std::fmod(x, 24.0F) - 12) - 3;
        return std::max(off, testing::block(60, 60, 240, 180)(x, y));
    };
    EXPECT_TRUE(look(scene, 1).empty());
}

TEST(CoarseLook, ABackgroundPointIsHeard) {
    const Shot shot = draw(grainy_scene());
    EXPECT_LT(look(shot, 0, {{}, {{150, 120}}}).size(), look(shot).size());
}

TEST(CoarseLook, WithoutNoiseTheEvidenceIsLeftAsItIs) {
    for (const bool noisy : {false, true}) {
        Scene scene = grainy_scene();
        scene.noise = noisy ? scene.noise : 2;
        const Shot shot = draw(scene);
        const WorkCopy copy = make_work_copy(shot.picture);
        Evidence evidence = weigh_evidence(shot.picture, copy, fit_light(copy), {}, 1);
        evidence.field.object = Plane(copy.size(), 1e-4F);
        const Plane share = solve_through_noise(shot.picture, copy, {}, 1, evidence);
        EXPECT_EQ(share.at(150, 120) > 0.5F, noisy);
    }
}

TEST(CoarseLook, AFewCellsAreNotJoined) {
    constexpr Size kFew{2, 2};
    Scene scene = grainy_scene();
    scene.size = kFew;
    const Shot shot = draw(scene);
    const WorkCopy copy = make_work_copy(shot.picture);
    Evidence evidence = weigh_evidence(shot.picture, copy, fit_light(copy), {}, 1);
    evidence.noise.step = 30;
    EXPECT_EQ(solve_through_noise(shot.picture, copy, {}, 1, evidence).size(), kFew);
}

}  // namespace
}  // namespace editprep::imaging
