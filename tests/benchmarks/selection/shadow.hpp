#pragma once

#include "colour.hpp"
#include "raster.hpp"

namespace editprep::benchmarks {

/// Shadows of the object on the backdrop; strengths are the share of the light that is lost where
/// the shadow is deepest. Lengths are shares of the object's height.
struct ShadowPlan {
    /// A dark seam where the object stands.
    double contact = 0;
    /// A wide one around it, moved away from the light.
    double soft = 0;
    double soft_blur = 0.12;
    double soft_shift_x = 0.08;
    double soft_shift_y = 0.08;
    /// The object's shape laid down on the floor, softer with distance.
    double cast = 0;
    /// How far its top falls to the side and in front (positive) or behind.
    double cast_reach = 0.6;
    double cast_height = -0.3;
    double cast_blur = 0.02;
    /// Light of each colour that a full shadow takes away.
    Rgb tint{1, 1, 1};
};

void add_shadows(Picture& backdrop, const Plane& alpha, const ShadowPlan& plan);

}  // namespace editprep::benchmarks
