#include "backdrop/light_fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "backdrop/statistics.hpp"
#include "drawn_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::Scene;
using testing::Tone;

LightFit fit_of(const Scene& scene) {
    return fit_light(make_work_copy(testing::draw(scene).picture));
}

/// Differences of green from the true light where the object stands, in levels.
std::vector<float> errors_under_object(const Scene& scene, const LightFit& fit) {
    std::vector<float> errors;
    for (int y = 0; y < scene.size.height; ++y) {
        for (int x = 0; x < scene.size.width; ++x) {
            const float u = static_cast<float>(x) + 0.5F;
            const float v = static_cast<float>(y) + 0.5F;
            if (scene.object(u, v) < 0) {
                errors.push_back(std::abs(fit.light[1].at(x, y) - scene.light(u, v)[1]));
            }
        }
    }
    return errors;
}

TEST(LightFit, FollowsAGradientBehindTheObject) {
    Scene scene;
    scene.light = [](float x, float y) {
        const float level = 180 + 0.2F * x - 0.1F * y;
        return Tone{level, level, level};
    };
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 1), 1);
}

TEST(LightFit, IsNotDrawnToTheMixtureBehindANet) {
    Scene scene;
    scene.light = testing::flat({228, 228, 228});
    // Threads three pixels wide, eight apart.
    scene.object = [frame = testing::block(20, 20, 280, 220)](float x, float y) {
        const auto thread = [](float at) { return std::abs(std::fmod(at, 8.0F) - 4) - 1.5F; };
        return std::max(frame(x, y), std::min(thread(x), thread(y)));
    };
    scene.object_tone = testing::flat({210, 210, 210});
    scene.noise = 2;
    EXPECT_LT(median(errors_under_object(scene, fit_of(scene))), 0.5F);
}

/// White on white: no step lies between it and the light on one side.
TEST(LightFit, IsNotDrawnToAnObjectThatFadesIntoTheBackdrop) {
    Scene scene;
    scene.light = testing::flat({80, 80, 80});
    scene.object = testing::disc(150, 120, 80);
    scene.object_tone = [](float x, float) {
        const float level = 80 + 16 * std::clamp((x - 70) / 60, 0.0F, 1.0F);
        return Tone{level, level, level};
    };
    scene.noise = 3;
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 0.9), 2);
}

/// It is round, and so none of the light that the border alone could tell.
TEST(LightFit, FollowsASpotBehindTheObject) {
    Scene scene;
    scene.light = [](float x, float y) {
        const float square = (x - 150) * (x - 150) + (y - 120) * (y - 120);
        const float level = 170 + 30 * std::exp(-square / 12000);
        return Tone{level, level, level};
    };
    scene.object = testing::disc(150, 120, 50);
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 0.9), 3);
}

TEST(LightFit, FollowsAVignetteBehindTheObject) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    for (const float noise : {0.0F, 5.0F}) {
        scene.noise = noise;
        EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 1), 2) << noise;
    }
}

TEST(LightFit, FollowsASweepBehindTheObject) {
    Scene scene;
    for (const float softness : {20.0F, 80.0F}) {
        scene.light = testing::sweep(150, softness);
        const std::vector<float> errors = errors_under_object(scene, fit_of(scene));
        EXPECT_LT(median(errors), 1) << softness;
        EXPECT_LT(quantile(errors, 0.95), 3) << softness;
    }
}

/// Noise of the border must not run through the picture as stripes.
TEST(LightFit, IsSmoothBehindTheObjectOfANoisyPicture) {
    Scene scene;
    scene.light = testing::flat({180, 180, 180});
    scene.noise = 20;
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 0.9), 3);
}

/// Dark grain is no shadow.
TEST(LightFit, NoiseDoesNotBrightenTheLight) {
    Scene scene;
    scene.light = testing::flat({112, 108, 60});
    scene.noise = 14;
    EXPECT_LT(median(errors_under_object(scene, fit_of(scene))), 2);
}

TEST(LightFit, KeepsAHorizonInNoise) {
    Scene scene;
    scene.noise = 10;
    scene.light = testing::sweep(150, 20);
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 0.9), 2.7);
}

/// Errors of the light in a column of the picture, in levels.
float error_at_column(const Scene& scene, int x) {
    const LightFit fit = fit_of(scene);
    float most = 0;
    for (int y = 0; y < scene.size.height / 2; ++y) {
        const float level = fit.light[1].at(x, y);
        most = std::max(most, std::abs(level - scene.light(static_cast<float>(x), 0)[1]));
    }
    return most;
}

TEST(LightFit, AShadowOnTheBorderRunsNotThroughThePicture) {
    Scene scene;
    scene.shadow = testing::soft_shadow(200, static_cast<float>(scene.size.height), 45, 80, 0.12F);
    EXPECT_LT(error_at_column(scene, 200), 1);
}

/// Where a wall meets the floor.
TEST(LightFit, FollowsAValleyFromSideToSide) {
    Scene scene;
    scene.light = [](float, float y) {
        const float level = 220 - 24 * std::exp(-(y - 160) * (y - 160) / 400);
        return Tone{level, level, level};
    };
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 0.9), 2);
}

TEST(LightFit, LooksThroughASoftShadow) {
    Scene scene;
    scene.shadow = testing::soft_shadow(150, 185, 90, 20, 0.4F);
    EXPECT_LT(quantile(errors_under_object(scene, fit_of(scene)), 1), 2);
}

TEST(LightFit, IgnoresAnObjectAtTheBorder) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    scene.object = testing::block(100, 90, 190, 400);
    const LightFit fit = fit_of(scene);
    EXPECT_LT(quantile(errors_under_object(scene, fit), 0.95), 5);
    EXPECT_TRUE(fit.is_border(40, 239));
    EXPECT_FALSE(fit.is_border(145, 239));
    EXPECT_FALSE(fit.is_border(40, 120)) << "inside of the picture";
    EXPECT_NEAR(fit.side_share[1], 1, 1e-9);
    EXPECT_NEAR(fit.side_share[3], 0.7, 0.06);
    EXPECT_NEAR(fit.border_share, 1 - 90.0 / 1080, 0.03);
}

TEST(LightFit, DoubtsItselfMoreFarFromTheBackdrop) {
    Scene scene;
    scene.light = testing::gradient_and_vignette(scene.size);
    const LightFit fit = fit_of(scene);
    EXPECT_GT(fit.doubt.at(150, 120), fit.doubt.at(20, 120));
    EXPECT_LT(fit.doubt.at(20, 120), 1.5F);
}

TEST(LightFit, AnyShapeOfPictureGivesFiniteLight) {
    for (const Size size :
         {Size{8, 8}, {9, 400}, {9, 2000}, {2000, 9}, {8, 14000}, {400, 9}, {97, 96}, {601, 401}}) {
        for (const float noise : {0.0F, 100.0F}) {
            const LightFit fit = fit_of({.size = size, .noise = noise});
            ASSERT_EQ(fit.light[0].size(), fit.doubt.size());
            EXPECT_LE(std::max(fit.coarse_light[0].width(), fit.coarse_light[0].height()), 96);
            for (std::size_t i = 0; i < fit.doubt.count(); ++i) {
                ASSERT_TRUE(std::isfinite(fit.doubt[i]));
                for (const Plane& plane : fit.light) {
                    ASSERT_TRUE(std::isfinite(plane[i])) << to_string(size) << ' ' << i;
                }
            }
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
