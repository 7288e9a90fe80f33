#include <cmath>
#include <numbers>

#include "object_parts.hpp"
#include "objects.hpp"

namespace editprep::benchmarks {
namespace {

constexpr double kPi = std::numbers::pi;

Object mug(const Palette& palette, Random& random) {
    const double width = random.uniform(0.45, 0.6);
    const double reach = random.uniform(0.3, 0.42);
    Outline handle;
    const Vec grip[] = {{width - 0.05, -0.45},
                        {width + reach * 0.7, -0.4},
                        {width + reach, 0.0},
                        {width + reach * 0.6, 0.42},
                        {width - 0.1, 0.5}};
    add_stroke(handle, smooth_line(grip), random.uniform(0.08, 0.16));
    Object object{{handle, plain(palette.main, 0.8, 0.3)}};
    const Vec side[] = {
        {width, -0.8}, {width, 0.0}, {width * 0.97, 0.75}, {width * 0.8, 0.98}, {width * 0.5, 1.0}};
    object.push_back({{turned(side)}, material_of(palette.main, palette, random)});
    object.push_back({{ellipse({0, -0.8}, width, 0.13)}, plain(palette.pale, 0.3)});
    object.push_back({{ellipse({0, -0.785}, width * 0.93, 0.1)}, plain(palette.main * 0.5F, 0.1)});
    return object;
}

Object rings(const Palette& palette, Random& random) {
    Object object;
    const int count = random.integer(1, 3);
    for (int i = 0; i < count; ++i) {
        const double radius = count == 1 ? 0.8 : random.uniform(0.35, 0.55);
        const double angle = 2 * kPi * i / count + 0.4;
        const Vec centre = Vec{std::cos(angle), std::sin(angle)} * (count == 1 ? 0.0 : 0.42);
        Outline ring;
        add_loop(ring, ellipse(centre, radius, radius * random.uniform(0.6, 1.0)),
                 radius * random.uniform(0.12, 0.45));
        object.push_back(
            {ring, material_of(i == 1 ? palette.accent : palette.main, palette, random)});
    }
    return object;
}

Object frame(const Palette& palette, Random& random) {
    const double width = random.uniform(0.6, 0.95);
    const double height = random.uniform(0.6, 0.95);
    const double bar = random.uniform(0.08, 0.22);
    Outline outline{rounded_box({0, 1 - height}, width, height, 0.03),
                    reversed(rounded_box({0, 1 - height}, width - bar, height - bar, 0.02))};
    Object object{{outline, material_of(palette.main, palette, random)}};
    if (random.chance(0.5)) {
        Outline bars;
        const Vec upright[] = {{0, 1 - 2 * height + bar / 2}, {0, 1 - bar / 2}};
        const Vec across[] = {{-width + bar / 2, 1 - height}, {width - bar / 2, 1 - height}};
        add_stroke(bars, upright, bar * 0.5);
        add_stroke(bars, across, bar * 0.5);
        object.push_back({bars, plain(palette.accent, 0.4)});
    }
    return object;
}

Object scissors(const Palette& palette, Random& random) {
    const double spread = random.uniform(0.1, 0.25);
    Object object;
    for (const double side : {-1.0, 1.0}) {
        Outline blade;
        const Vec line[] = {{-side * spread, -0.98}, {side * 0.05, 0.2}, {side * 0.2, 0.4}};
        add_stroke(blade, line, 0.03, 0.2);
        object.push_back({blade, plain(palette.pale, 0.5, 0.6)});
        Outline grip;
        add_loop(grip, ellipse({side * 0.36, 0.68}, 0.26, 0.3), random.uniform(0.09, 0.13));
        object.push_back({grip, material_of(palette.main, palette, random)});
    }
    object.push_back({{ellipse({0, 0.15}, 0.05, 0.05)}, plain(palette.dark, 0.8, 0.5)});
    return object;
}

Object chair(const Palette& palette, Random& random) {
    const double leg = random.uniform(0.05, 0.1);
    Outline legs;
    for (const double x : {-0.55, -0.3, 0.35, 0.6}) {
        const Vec line[] = {{x * 0.9, 0.1}, {x, 1.0}};
        add_stroke(legs, line, leg, leg * 0.7);
    }
    const Vec rung[] = {{-0.5, 0.6}, {0.55, 0.62}};
    add_stroke(legs, rung, leg * 0.6);
    Outline back;
    for (int i = 0; i < 5; ++i) {
        const Vec line[] = {{-0.5 + 0.25 * i, 0.05}, {-0.48 + 0.24 * i, -0.9}};
        add_stroke(back, line, leg * 0.8);
    }
    const Vec top[] = {{-0.56, -0.9}, {0.0, -0.96}, {0.56, -0.9}};
    add_stroke(back, smooth_line(top), leg * 1.8);
    Object object{{back, plain(palette.main, 0.6)}, {legs, plain(palette.dark, 0.6)}};
    object.push_back(
        {{rounded_box({0, 0.1}, 0.62, 0.1, 0.06)}, material_of(palette.accent, palette, random)});
    return object;
}

Object basket(const Palette& palette, Random& random) {
    Outline handle;
    const Vec arch[] = {{-0.75, 0.05}, {-0.6, -0.6}, {0, -0.95}, {0.6, -0.6}, {0.75, 0.05}};
    add_stroke(handle, smooth_line(arch), random.uniform(0.05, 0.12));
    const Vec side[] = {{0.85, 0.0}, {0.78, 0.4}, {0.68, 0.9}, {0.5, 1.0}};
    Material weave = material_of(palette.main, palette, random);
    weave.pattern = Pattern::checks;
    weave.pattern_size = 0.08;
    return {{handle, plain(palette.main, 0.6)}, {{turned(side)}, weave}};
}

Object key(const Palette& palette, Random& random) {
    Outline outline;
    add_loop(outline, ellipse({0, -0.6}, 0.33, 0.33), random.uniform(0.1, 0.2));
    const Vec shaft[] = {{0, -0.3}, {0, 0.98}};
    add_stroke(outline, shaft, random.uniform(0.1, 0.16));
    outline.push_back(rounded_box({0.16, 0.85}, 0.14, 0.05, 0.01));
    outline.push_back(rounded_box({0.13, 0.62}, 0.1, 0.05, 0.01));
    return {{outline, material_of(palette.main, palette, random)}};
}

}  // namespace

Object holed_object(const Palette& palette, int turn, Random& random) {
    static constexpr Maker kMakers[] = {mug, rings, frame, scissors, chair, basket, key};
    return make(kMakers, palette, turn, random);
}

}  // namespace editprep::benchmarks
