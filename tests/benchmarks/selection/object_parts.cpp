#include "object_parts.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

namespace editprep::benchmarks {

Material material_of(Rgb colour, const Palette& palette, Random& random) {
    static constexpr Pattern kPatterns[] = {Pattern::plain,  Pattern::plain, Pattern::stripes,
                                            Pattern::checks, Pattern::dots,  Pattern::clouds,
                                            Pattern::fade};
    Material material;
    material.colour = colour;
    material.pattern = random.pick(kPatterns);
    const double change =
        material.pattern == Pattern::plain ? random.uniform(0.94, 1.06) : random.uniform(0.4, 1.4);
    material.second = colour * static_cast<float>(std::lerp(1.0, change, palette.contrast));
    material.pattern_size = random.uniform(0.06, 0.25);
    material.relief = random.uniform(0.4, 1.1);
    material.gloss = random.chance(0.5) ? random.uniform(0.1, 0.9) : 0.0;
    material.mirror = random.chance(0.4) ? random.uniform(0.2, 0.7) : 0.05;
    return material;
}

Material plain(Rgb colour, double relief, double gloss) {
    Material material;
    material.colour = colour;
    material.second = colour * 0.96F;
    material.relief = relief;
    material.gloss = gloss;
    return material;
}

void append(Object& object, Object more) { std::ranges::move(more, std::back_inserter(object)); }

Object moved(Object object, const Placement& placement) {
    for (Part& part : object) {
        part.outline = placed(part.outline, placement);
    }
    return object;
}

Object bottle(const Palette& palette, Random& random) {
    const double body = random.uniform(0.3, 0.5);
    const double neck = body * random.uniform(0.25, 0.6);
    const double shoulder = random.uniform(-0.5, -0.1);
    const Vec side[] = {
        {neck, -0.85}, {neck, shoulder - 0.25}, {body, shoulder + random.uniform(0.1, 0.25)},
        {body, 0.85},  {body * 0.92, 0.99},     {body * 0.5, 1.0}};
    Object object;
    object.push_back({{turned(side)}, material_of(palette.main, palette, random)});
    object.push_back(
        {{rounded_box({0, -0.88}, neck * 1.15, 0.11, 0.03)}, plain(palette.dark, 0.9, 0.5)});
    object.push_back({{rounded_box({0, 0.45}, body * 0.98, random.uniform(0.15, 0.3), 0.01)},
                      material_of(palette.pale, palette, random)});
    return object;
}

Object pebble(const Palette& palette, Random& random) {
    const int bumps = random.integer(5, 9);
    Path points;
    for (int i = 0; i < bumps; ++i) {
        const double angle = 2 * std::numbers::pi * i / bumps;
        const double radius = random.uniform(0.6, 0.98);
        points.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    }
    Material material = material_of(palette.main, palette, random);
    material.pattern = random.chance(0.6) ? Pattern::clouds : material.pattern;
    return {{{smooth_loop(points)}, material}};
}

}  // namespace editprep::benchmarks
