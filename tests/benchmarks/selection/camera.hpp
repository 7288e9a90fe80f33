#pragma once

#include <cstdint>

#include "editprep/imaging/image.hpp"
#include "sprite.hpp"

/// From light to 8-bit pixels, as cameras and raw converters make them.
namespace editprep::benchmarks {

struct CameraPlan {
    /// Sigma of the lens's blur in pixels.
    double blur = 0.5;
    /// Edge pixels mix in linear light, or in sRGB code values as pictures pasted together do.
    bool linear_light = true;
    /// Deviation in 8-bit code values in bright places; dark ones have less.
    double noise = 0.5;
    /// Sigma in pixels of the noise's grain, 0 for none between neighbours.
    double grain = 0;
    /// Unsharp mask: how much, and its sigma in pixels.
    double sharpening = 0;
    double sharpening_radius = 1;
};

/// Blurs the lens over the object: its colours and its cover alike.
void blur_lens(Sprite& sprite, double sigma);

/// The object before the backdrop.
[[nodiscard]] imaging::Image photograph(const Sprite& sprite, const Picture& backdrop,
                                        const CameraPlan& plan, std::uint64_t seed);

}  // namespace editprep::benchmarks
