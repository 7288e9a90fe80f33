#pragma once

#include <string_view>

#include "backdrop.hpp"
#include "camera.hpp"
#include "composite.hpp"
#include "random.hpp"
#include "shadow.hpp"
#include "sprite.hpp"

namespace editprep::benchmarks {

/// Everything that makes one picture.
struct Recipe {
    imaging::Size size;
    Object object;
    /// The object's half side, as a share of half the picture's shorter side.
    double scale = 0.65;
    /// The object's middle, as shares of the sides.
    double centre_x = 0.5;
    double centre_y = 0.5;
    double turn = 0;
    bool mirrored = false;
    StudioLight light;
    BackdropPlan backdrop;
    ShadowPlan shadow;
    /// Share of the backdrop's light on the object's edges.
    double spill = 0;
    CameraPlan camera;
    /// 0 for PNG.
    int jpeg_quality = 90;
};

/// A picture as the class's users bring it.
/// @param class_name one of kClasses
[[nodiscard]] Recipe make_recipe(std::string_view class_name, int number, SetSize set,
                                 Random& random);

}  // namespace editprep::benchmarks
