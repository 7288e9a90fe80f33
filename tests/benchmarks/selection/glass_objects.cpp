#include <utility>

#include "object_parts.hpp"
#include "objects.hpp"

namespace editprep::benchmarks {
namespace {

Material clear(Rgb tint, Random& random) {
    Material material = plain(tint, random.uniform(0.7, 1.2), random.uniform(0.5, 1.2));
    material.mirror = random.uniform(0.2, 0.6);
    material.opacity = random.uniform(0.15, 0.75);
    material.rim_opacity = random.uniform(0.6, 1.0);
    return material;
}

Object tumbler(const Palette& palette, Random& random) {
    const double top = random.uniform(0.45, 0.65);
    const double base = top * random.uniform(0.7, 1.0);
    const Vec side[] = {{top, -0.8}, {(top + base) / 2, 0.1}, {base, 0.9}, {base * 0.8, 1.0}};
    Object object{{{turned(side)}, clear(palette.pale, random)}};
    if (random.chance(0.6)) {
        Material drink = clear(palette.main, random);
        drink.opacity = random.uniform(0.3, 0.8);
        const Vec filled[] = {
            {(top + base) / 2 * 0.95, 0.0}, {base * 0.93, 0.85}, {base * 0.7, 0.92}};
        object.push_back({{turned(filled)}, drink});
    }
    Outline rim;
    add_loop(rim, ellipse({0, -0.8}, top, 0.1), 0.025);
    Material edge = clear(palette.pale, random);
    edge.opacity = 0.7;
    object.push_back({rim, edge});
    return object;
}

Object clear_bottle(const Palette& palette, Random& random) {
    Object object = bottle(palette, random);
    object[0].material = clear(random.chance(0.5) ? palette.pale : palette.main, random);
    if (random.chance(0.4)) {
        object.pop_back();
    }
    return object;
}

Object globe(const Palette& palette, Random& random) {
    Object object{{{ellipse({0, 0.05}, 0.9, 0.9)}, clear(palette.pale, random)}};
    object.push_back(
        {{rounded_box({0, 0.92}, 0.4, 0.08, 0.03)}, material_of(palette.dark, palette, random)});
    return object;
}

Object film_bag(const Palette& palette, Random& random) {
    const Vec points[] = {{0.7, -0.6},  {0.8, 0.1},  {0.75, 0.9},  {0.0, 0.97},
                          {-0.75, 0.9}, {-0.8, 0.0}, {-0.7, -0.6}, {0.0, -0.7}};
    Material film = clear(palette.pale, random);
    film.pattern = Pattern::clouds;
    film.pattern_size = 0.3;
    film.second = palette.pale * 0.7F;
    Object object{{{smooth_loop(points)}, film}};
    Object content = pebble(palette, random);
    append(object, moved(std::move(content), {{0, 0.4}, random.uniform(0.3, 0.5)}));
    object.push_back({{smooth_loop(points)}, film});
    object.back().material.opacity *= 0.4;
    object.back().material.rim_opacity *= 0.4;
    return object;
}

}  // namespace

Object glass_object(const Palette& palette, int turn, Random& random) {
    static constexpr Maker kMakers[] = {tumbler, clear_bottle, globe, film_bag};
    return make(kMakers, palette, turn, random);
}

}  // namespace editprep::benchmarks
