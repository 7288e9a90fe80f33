#pragma once

#include "colour.hpp"
#include "random.hpp"

namespace editprep::benchmarks {

/// Colours that the object's parts are made of, in linear light.
struct Palette {
    Rgb main;
    Rgb accent;
    Rgb dark;
    Rgb pale;
    /// How far patterns leave the colour that they are on: 1 any way, 0 not at all.
    double contrast = 1;
    /// All things of a group have this palette.
    bool shared = false;
};

/// Any colours that products have, pale and dark ones included.
[[nodiscard]] Palette any_palette(Random& random);
/// Most parts within some 4 to 60 code values of the backdrop.
[[nodiscard]] Palette palette_near(Rgb backdrop, Random& random);

}  // namespace editprep::benchmarks
