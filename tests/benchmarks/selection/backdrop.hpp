#pragma once

#include <cstdint>

#include "colour.hpp"

namespace editprep::benchmarks {

enum class Texture { none, paper, cloth, canvas, wrinkles };

/// A backdrop and the light on it. Changes of light are in stops (factors of two in linear light)
/// over the whole side of the picture; places are shares of the sides.
struct BackdropPlan {
    /// Linear light, where the light is full.
    Rgb colour{0.9F, 0.9F, 0.9F};
    double across = 0;
    double down = 0;
    /// Loss in the corners.
    double vignette = 0;
    /// Gain in the middle of a lamp's spot.
    double spot = 0;
    double spot_x = 0.5;
    double spot_y = 0.4;
    double spot_radius = 0.4;
    /// Floor against wall; 0 for no horizon.
    double floor = 0;
    double horizon = 0.6;
    double horizon_softness = 0.1;
    double horizon_tilt = 0;
    Texture texture = Texture::none;
    /// Pixels a thread or fibre.
    double texture_size = 3;
    /// Relative change of the light.
    double texture_strength = 0;
};

/// In linear light.
[[nodiscard]] Picture make_backdrop(imaging::Size size, const BackdropPlan& plan,
                                    std::uint64_t seed);

}  // namespace editprep::benchmarks
