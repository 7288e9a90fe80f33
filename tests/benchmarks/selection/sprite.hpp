#pragma once

#include <cstdint>
#include <vector>

#include "colour.hpp"
#include "outline.hpp"

/// The object: drawn parts with material and light, before any backdrop.
namespace editprep::benchmarks {

enum class Pattern { plain, stripes, checks, dots, clouds, fade };

struct Material {
    /// Linear light, as all colours here.
    Rgb colour;
    Rgb second;
    Pattern pattern = Pattern::plain;
    /// Size of the pattern in the outline's units.
    double pattern_size = 0.1;
    /// How round the part looks: 0 flat, 1 like a ball.
    double relief = 0.7;
    /// Strength of the highlight.
    double gloss = 0.2;
    /// Share of the surroundings' light that steep edges mirror.
    double mirror = 0.0;
    /// Coverage inside and at the rim; below 1 for glass, film and gauze.
    double opacity = 1;
    double rim_opacity = 1;
};

struct Part {
    Outline outline;
    Material material;
};

/// Parts from back to front, within about [-1, 1] on both axes; it stands on y = 1.
using Object = std::vector<Part>;

/// Colours in linear light, multiplied by alpha, and alpha: the share that is covered.
struct Sprite {
    Picture colour;
    Plane alpha;
};

struct StudioLight {
    /// Where the light comes from, seen from the object; x to the right, y down.
    Vec direction{-0.5, -0.7};
    /// Share of the light that reaches faces turned away from it.
    double ambient = 0.45;
    /// What glossy edges mirror.
    Rgb surroundings;
};

/// Draws on the sprite. `seed` chooses the random texture.
void draw(Sprite& sprite, const Object& object, const Placement& placement,
          const StudioLight& light, std::uint64_t seed);

}  // namespace editprep::benchmarks
