#include <cmath>
#include <numbers>

#include "object_parts.hpp"
#include "objects.hpp"

namespace editprep::benchmarks {
namespace {

constexpr double kPi = std::numbers::pi;

Object carton(const Palette& palette, Random& random) {
    const double width = random.uniform(0.45, 0.95);
    const double height = random.uniform(0.5, 1.0);
    const double middle = 1 - height;
    Object object;
    object.push_back({{rounded_box({0, middle}, width, height, random.uniform(0.01, 0.2))},
                      material_of(palette.main, palette, random)});
    const double label = random.uniform(0.3, 0.75);
    object.push_back({{rounded_box({0, middle + height * random.uniform(-0.2, 0.2)}, width * label,
                                   height * random.uniform(0.2, 0.6), 0.04)},
                      plain(palette.pale, 0.05, 0)});
    Outline print;
    for (int line = 0; line < 4; ++line) {
        print.push_back(rounded_box(
            {width * label * random.uniform(-0.2, 0.0), middle + height * (-0.15 + 0.1 * line)},
            width * label * random.uniform(0.3, 0.7), height * 0.025, 0.01));
    }
    object.push_back({print, plain(palette.dark, 0, 0)});
    return object;
}

Object shoe(const Palette& palette, Random& random) {
    const Vec upper[] = {{0.98, 0.42},  {0.9, 0.62},    {0.0, 0.66}, {-0.85, 0.64}, {-0.9, 0.1},
                         {-0.86, -0.4}, {-0.45, -0.45}, {0.0, 0.0},  {0.6, 0.18}};
    const Vec sole[] = {{1.0, 0.6},   {0.92, 0.8},  {0.2, 0.78}, {-0.6, 0.82},
                        {-0.95, 0.8}, {-0.96, 0.6}, {0.0, 0.58}};
    Object object;
    object.push_back({{smooth_loop(upper)}, material_of(palette.main, palette, random)});
    object.push_back({{smooth_loop(sole)}, plain(palette.pale, 0.5)});
    const Vec flash[] = {{-0.7, 0.35}, {-0.2, 0.45}, {0.45, 0.2}};
    Outline stripe;
    add_stroke(stripe, smooth_line(flash), 0.16, 0.02);
    object.push_back({stripe, plain(palette.accent, 0.1)});
    Outline laces;
    for (int i = 0; i < 4; ++i) {
        const Vec lace[] = {{-0.25 + 0.16 * i, -0.22 + 0.11 * i},
                            {-0.1 + 0.16 * i, 0.12 + 0.06 * i}};
        add_stroke(laces, lace, 0.035);
    }
    object.push_back({laces, plain(palette.pale, 0.4)});
    return object;
}

Object gadget(const Palette& palette, Random& random) {
    const double width = random.uniform(0.5, 0.98);
    const double height = random.uniform(0.35, 0.9);
    const double middle = 1 - height;
    Object object;
    object.push_back({{superellipse({0, middle}, width, height, random.uniform(2.5, 8))},
                      material_of(palette.main, palette, random)});
    Material screen = plain(palette.dark, 0.1, 0.6);
    screen.mirror = 0.3;
    object.push_back(
        {{rounded_box({-0.1 * width, middle}, width * 0.65, height * 0.6, 0.06)}, screen});
    Outline buttons;
    for (int i = 0; i < 3; ++i) {
        buttons.push_back(ellipse({width * 0.76, middle + height * (-0.4 + 0.4 * i)}, width * 0.08,
                                  width * 0.08));
    }
    object.push_back({buttons, plain(palette.accent, 0.8, 0.4)});
    return object;
}

Object toy(const Palette& palette, Random& random) {
    const double head = random.uniform(0.3, 0.42);
    Object object;
    object.push_back({{ellipse({-0.4, 0.8}, 0.26, 0.2), ellipse({0.4, 0.8}, 0.26, 0.2),
                       ellipse({-0.58, 0.1}, 0.16, 0.3), ellipse({0.58, 0.1}, 0.16, 0.3),
                       ellipse({-head * 0.8, -0.45 - head * 0.75}, head * 0.4, head * 0.4),
                       ellipse({head * 0.8, -0.45 - head * 0.75}, head * 0.4, head * 0.4)},
                      material_of(palette.main, palette, random)});
    object.push_back({{ellipse({0, 0.35}, 0.55, 0.6)}, material_of(palette.main, palette, random)});
    object.push_back({{ellipse({0, -0.45}, head * 1.1, head)}, plain(palette.accent, 0.9)});
    object.push_back({{ellipse({0, 0.4}, 0.32, 0.36)}, plain(palette.pale, 0.5)});
    object.push_back({{ellipse({-head * 0.4, -0.5}, 0.05, 0.06),
                       ellipse({head * 0.4, -0.5}, 0.05, 0.06), ellipse({0, -0.36}, 0.08, 0.06)},
                      plain(palette.dark, 0.9, 0.9)});
    return object;
}

Object gear(const Palette& palette, Random& random) {
    const int teeth = random.integer(5, 14);
    const double depth = random.uniform(0.1, 0.5);
    Path path;
    for (int i = 0; i < teeth; ++i) {
        for (const double share : {0.0, 0.3, 0.5, 0.8}) {
            const double angle = 2 * kPi * (i + share) / teeth;
            const double radius = share < 0.4 ? 0.98 : 0.98 - depth;
            path.push_back({radius * std::cos(angle), radius * std::sin(angle)});
        }
    }
    Object object{{{path}, material_of(palette.main, palette, random)}};
    object.push_back({{ellipse({0, 0}, 0.25, 0.25)}, plain(palette.pale, 0.8)});
    return object;
}

Object single_solid(const Palette& palette, int turn, Random& random) {
    static constexpr Maker kMakers[] = {carton, bottle, pebble, shoe, gadget, toy, gear};
    return make(kMakers, palette, turn, random);
}

}  // namespace

Object solid_object(const Palette& palette, int turn, Random& random) {
    if (turn % 5 != 4) {
        return single_solid(palette, turn, random);
    }
    Object group;
    const int count = random.integer(2, 3);
    for (int i = 0; i < count; ++i) {
        const double scale = count == 2 ? random.uniform(0.45, 0.6) : random.uniform(0.36, 0.45);
        const double x = -0.7 + 1.4 * i / (count - 1);
        const Palette own = i == 0 || palette.shared ? palette : any_palette(random);
        append(group, moved(single_solid(own, turn + i, random),
                            {{x, 1 - scale - random.uniform(0, 0.6)}, scale}));
    }
    return group;
}

}  // namespace editprep::benchmarks
