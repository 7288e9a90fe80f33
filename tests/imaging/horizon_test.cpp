#include "backdrop/horizon.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "backdrop/work_copy.hpp"
#include "drawn_scene.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {
namespace {

using testing::block;
using testing::both;
using testing::disc;
using testing::draw;
using testing::Field;
using testing::flat;
using testing::overlap;
using testing::Scene;
using testing::Shot;
using testing::Tone;
using testing::ToneField;

constexpr Tone kWall{225, 222, 218};
constexpr Tone kTable{120, 85, 60};

/// Brighter in the middle by so much of the light.
float vignette(float amount, float x, float y) {
    const float u = x / 150 - 1;
    const float v = y / 120 - 1;
    return 1 - amount * (u * u + v * v) / 2;
}

/// A table before a wall; the edge passes over two pixels.
ToneField table(Tone below, float at, float tilt = 0, float falling = 0) {
    return [=](float x, float y) {
        const float share = std::min(1.0F, std::max(0.0F, (y - at - tilt * (x - 150)) / 2 + 0.5F));
        Tone tone{};
        for (std::size_t c = 0; c < 3; ++c) {
            tone[c] = (kWall[c] + share * (below[c] - kWall[c])) * vignette(falling, x, y);
        }
        return tone;
    };
}

std::vector<Horizon> horizons_of(const Scene& scene) {
    return find_horizons(make_work_copy(draw(scene).picture).mean);
}

double overlap_of(const Scene& scene) {
    const Shot shot = draw(scene);
    return overlap(select_object(shot.picture, {.mode = SelectionMode::backdrop}).mask, shot.truth);
}

TEST(Horizon, IsFoundAtAnyHeightAndTilt) {
    for (const float at : {70.0F, 120.3F, 200.0F}) {
        for (const float tilt : {-0.05F, 0.0F, 0.02F}) {
            Scene scene;
            scene.light = table(kTable, at, tilt, 0.1F);
            const std::vector<Horizon> found = horizons_of(scene);
            ASSERT_EQ(found.size(), 1) << at << ' ' << tilt;
            for (const int x : {2, 150, 297}) {
                const int line = static_cast<int>(at + tilt * static_cast<float>(x - 150));
                EXPECT_EQ(found[0].step_at(x, line - 6), Rgb{});
                const float loss = vignette(0.1F, static_cast<float>(x), at);
                EXPECT_NEAR(found[0].step_at(x, line + 6)[2], loss * (kTable[2] - kWall[2]), 5);
            }
        }
    }
}

TEST(Horizon, LeavesNothingOfItsStep) {
    Scene scene;
    scene.light = table(kTable, 130.4F, 0.03F);
    scene.object = disc(150, 300, 1);
    const Planes cells = make_work_copy(draw(scene).picture).mean;
    const Planes flat_cells = without_steps(find_horizons(cells), cells);
    for (int y = 0; y < 240; ++y) {
        for (int x = 0; x < 300; ++x) {
            ASSERT_NEAR(flat_cells[0].at(x, y), kWall[0], 6) << x << ' ' << y;
        }
    }
}

TEST(Horizon, ThingsBeforeItAreWhole) {
    for (const Tone& tone : {Tone{200, 40, 40}, Tone{245, 245, 245}, Tone{50, 50, 55}}) {
        for (const Tone& below : {kTable, Tone{185, 180, 175}, Tone{70, 72, 75}}) {
            Scene scene;
            scene.light = table(below, 140, 0.02F);
            scene.object = both(block(100, 70, 190, 200), disc(200, 130, 30));
            scene.object_tone = flat(tone);
            scene.noise = 1.5F;
            EXPECT_GT(overlap_of(scene), 0.97) << tone[0] << ' ' << below[0];
        }
    }
}

TEST(Horizon, ThreeAreFollowed) {
    Scene scene;
    scene.light = [](float x, float y) {
        (void)x;
        return y < 100   ? kWall
               : y < 150 ? Tone{180, 170, 160}
               : y < 200 ? kTable
                         : Tone{70, 60, 50};
    };
    scene.object = disc(150, 130, 50);
    EXPECT_EQ(horizons_of(scene).size(), 3);
    EXPECT_GT(overlap_of(scene), 0.98);
}

TEST(Horizon, ARoughTableBeforeASmoothWallIsBackdrop) {
    Scene scene;
    scene.light = [](float x, float y) {
        (void)x;
        // Grain, as wood has it: bands of some pixels.
        const float grain = std::sin(y * 0.9F) + std::sin(y * 0.37F + x * 0.02F);
        return y < 130 ? kWall
                       : Tone{kTable[0] + 6 * grain, kTable[1] + 5 * grain, kTable[2] + 4 * grain};
    };
    scene.noise = 1;
    scene.object = disc(150, 120, 50);
    scene.object_tone = flat({60, 120, 190});
    EXPECT_GT(overlap_of(scene), 0.98);
}

TEST(Horizon, ABlurredOneIsFollowed) {
    Scene scene;
    scene.light = [](float x, float y) {
        (void)x;
        const float share = std::min(1.0F, std::max(0.0F, (y - 140) / 5 + 0.5F));
        return Tone{kWall[0] + share * (kTable[0] - kWall[0]),
                    kWall[1] + share * (kTable[1] - kWall[1]),
                    kWall[2] + share * (kTable[2] - kWall[2])};
    };
    EXPECT_EQ(horizons_of(scene).size(), 1);
    EXPECT_GT(overlap_of(scene), 0.98);
}

TEST(Horizon, ASoftOneIsLeftToTheSurface) {
    for (const float softness : {10.0F, 40.0F}) {
        Scene scene;
        scene.light = testing::sweep(150, softness);
        EXPECT_TRUE(horizons_of(scene).empty()) << softness;
    }
}

TEST(Horizon, AnEdgeThatDoesNotReachBothSidesIsNone) {
    for (const float falling : {0.0F, 0.2F}) {
        Scene scene;
        scene.light = [falling](float x, float y) {
            const float loss = vignette(falling, x, y);
            return Tone{220 * loss, 220 * loss, 220 * loss};
        };
        for (const Field& object :
             {block(20, 120, 280, 260), block(-9, 120, 270, 260), block(30, 120, 320, 260)}) {
            scene.object = object;
            EXPECT_TRUE(horizons_of(scene).empty()) << falling;
        }
    }
}

TEST(Horizon, TwoThingsThatTheBorderCutsMakeNone) {
    for (const float falling : {0.0F, 0.1F, 0.25F}) {
        for (const float gap : {40.0F, 80.0F, 150.0F}) {
            for (const float grey : {60.0F, 170.0F}) {
                Scene scene;
                scene.light = [falling](float x, float y) {
                    const float loss = vignette(falling, x, y);
                    return Tone{220 * loss, 220 * loss, 220 * loss};
                };
                scene.object =
                    both(block(-9, 130, 150 - gap / 2, 260), block(150 + gap / 2, 130, 320, 260));
                scene.object_tone = flat({grey, grey, grey + 10});
                EXPECT_TRUE(horizons_of(scene).empty()) << falling << ' ' << gap << ' ' << grey;
            }
        }
    }
}

TEST(Horizon, ABarThatCrossesThePictureMakesNone) {
    for (const float shade : {0.0F, 0.2F, 0.35F}) {
        for (const float bottom : {150.0F, 235.0F}) {
            Scene scene;
            scene.object = block(-9, 110, 320, bottom);
            scene.object_tone = flat({60, 90, 150});
            // Its shadow is deepest where it lies on the backdrop.
            scene.light = [shade, bottom](float x, float y) {
                (void)x;
                const float depth = y > bottom ? shade * std::exp((bottom - y) / 20) : 0;
                return Tone{230 * (1 - depth), 228 * (1 - depth), 225 * (1 - depth)};
            };
            EXPECT_TRUE(horizons_of(scene).empty()) << shade << ' ' << bottom;
        }
    }
}

TEST(Horizon, ALineThatALensBendsIsFollowed) {
    Scene scene;
    scene.object = disc(150, 110, 40);
    scene.light = [](float x, float y) {
        const float u = x / 150 - 1;
        const float line = 140 + 4 * u * u * u * u + std::sin(x / 20);
        const float share = std::min(1.0F, std::max(0.0F, (y - line) / 2 + 0.5F));
        Tone tone{};
        for (std::size_t c = 0; c < 3; ++c) {
            tone[c] = kWall[c] + share * (kTable[c] - kWall[c]);
        }
        return tone;
    };
    EXPECT_GT(overlap_of(scene), 0.98);
    const Planes cells = make_work_copy(draw(scene).picture).mean;
    const Planes flat_cells = without_steps(find_horizons(cells), cells);
    int off = 0;
    for (int x = 0; x < 100; ++x) {
        for (int y = 130; y < 160; ++y) {
            off += std::abs(flat_cells[0].at(x, y) - kWall[0]) > 25 ? 1 : 0;
        }
    }
    EXPECT_LT(off, 20) << "of 3000";
}

TEST(Horizon, AFaintThingBesideARoughFloorIsNotLost) {
    Scene scene;
    scene.light = [](float x, float y) {
        (void)x;
        const float grain = 12 * std::sin(y * 1.1F);
        return y < 200 ? kWall : Tone{kTable[0] + grain, kTable[1] + grain, kTable[2] + grain};
    };
    scene.noise = 1;
    scene.object = disc(150, 100, 50);
    scene.object_tone = flat({205, 202, 198});
    EXPECT_GT(overlap_of(scene), 0.97);
}

TEST(Horizon, TheModelledBackdropShowsIt) {
    for (const Size size : {Size{300, 240}, Size{2400, 200}}) {
        Scene scene;
        scene.size = size;
        scene.light = [](float x, float y) {
            (void)x;
            return y < 130 ? kWall : kTable;
        };
        scene.object = disc(150, 100, 30);
        const Image plate =
            select_object(draw(scene).picture, {.mode = SelectionMode::backdrop}).plate;
        ASSERT_LE(plate.width(), 1024);
        const auto row = [&](float y) {
            return plate.row(static_cast<int>(y * static_cast<float>(plate.height()) /
                                              static_cast<float>(size.height)));
        };
        EXPECT_NEAR(row(115)[0], kWall[0], 4) << size.width;
        EXPECT_NEAR(row(145)[0], kTable[0], 4) << size.width;
    }
}

TEST(Horizon, SmallPicturesHaveNone) {
    Scene scene;
    scene.size = {300, 30};
    scene.light = table(kTable, 15);
    EXPECT_TRUE(horizons_of(scene).empty());
}

}  // namespace
}  // namespace editprep::imaging
