#include <cmath>
#include <numbers>

#include "object_parts.hpp"
#include "objects.hpp"

namespace editprep::benchmarks {
namespace {

constexpr double kPi = std::numbers::pi;

Object cable(const Palette& palette, Random& random) {
    Path points;
    double angle = random.uniform(0, 2 * kPi);
    for (int i = 0; i < 22; ++i) {
        const double radius = 0.55 + 0.3 * std::sin(0.9 * i) + random.uniform(-0.1, 0.1);
        points.push_back({radius * std::cos(angle), 0.8 * radius * std::sin(angle)});
        angle += random.uniform(0.5, 0.9);
    }
    Outline outline;
    add_stroke(outline, smooth_line(points), random.uniform(0.008, 0.04));
    Object object{{outline, plain(palette.main, 0.5, 0.3)}};
    object.push_back({{rounded_box(points.back(), 0.12, 0.07, 0.03)},
                      material_of(palette.dark, palette, random)});
    return object;
}

Object necklace(const Palette& palette, Random& random) {
    Outline links;
    const int count = random.integer(40, 70);
    const double link = 2.6 / count;
    for (int i = 0; i < count; ++i) {
        const double t = -1 + 2.0 * (i + 0.5) / count;
        const Vec centre{0.85 * std::sin(t * kPi * 0.62) / std::sin(kPi * 0.62), 0.4 - 1.3 * t * t};
        add_loop(links, ellipse(centre, link * (i % 2 == 0 ? 0.8 : 0.55), link * 0.62),
                 link * 0.24);
    }
    Object object{{links, plain(palette.main, 0.4, 0.4)}};
    object.push_back(
        {{superellipse({0, 0.65}, 0.2, 0.28, 1.6)}, material_of(palette.accent, palette, random)});
    return object;
}

Object wheel(const Palette& palette, Random& random) {
    Outline spokes;
    const int count = random.integer(10, 28);
    for (int i = 0; i < count; ++i) {
        const double angle = 2 * kPi * i / count;
        const Vec line[] = {Vec{std::cos(angle + 0.5), std::sin(angle + 0.5)} * 0.08,
                            Vec{std::cos(angle), std::sin(angle)} * 0.85};
        add_stroke(spokes, line, random.uniform(0.007, 0.014));
    }
    Outline tyre;
    add_loop(tyre, ellipse({0, 0}, 0.9, 0.9), random.uniform(0.05, 0.12));
    return {{spokes, plain(palette.pale * 0.7F, 0.2)},
            {tyre, plain(palette.dark, 0.7)},
            {{ellipse({0, 0}, 0.1, 0.1)}, plain(palette.accent, 0.8, 0.5)}};
}

Object whisk(const Palette& palette, Random& random) {
    Outline wires;
    const int count = random.integer(4, 7);
    for (int i = 0; i < count; ++i) {
        const double reach = 0.5 * (i + 0.6) / count;
        const Vec loop[] = {{0.03, 0.1}, {reach, -0.45},        {reach * 0.8, -0.85},
                            {0, -0.97},  {-reach * 0.8, -0.85}, {-reach, -0.45},
                            {-0.03, 0.1}};
        add_stroke(wires, smooth_line(loop), random.uniform(0.012, 0.03));
    }
    Object object{{wires, plain(palette.pale * 0.6F, 0.4, 0.5)}};
    object.push_back(
        {{rounded_box({0, 0.55}, 0.1, 0.45, 0.08)}, material_of(palette.main, palette, random)});
    return object;
}

Path strand(Vec root, double angle, double reach, double bend) {
    const Vec points[] = {root, root + Vec{std::cos(angle), std::sin(angle)} * (reach * 0.5),
                          root + Vec{std::cos(angle + bend), std::sin(angle + bend)} * reach};
    return smooth_line(points);
}

/// A head with loose hair, or a furry ball.
Object hair(const Palette& palette, Random& random) {
    Outline strands;
    const int count = random.integer(150, 320);
    const bool fur = random.chance(0.4);
    for (int i = 0; i < count; ++i) {
        const double angle =
            fur ? random.uniform(0, 2 * kPi) : random.uniform(-1.15 * kPi, 0.15 * kPi);
        const Vec root = Vec{0.45 * std::cos(angle), 0.1 + 0.5 * std::sin(angle)};
        const double reach = fur ? random.uniform(0.1, 0.3) : random.uniform(0.25, 0.6);
        add_stroke(strands, strand(root, angle, reach, random.uniform(-0.6, 0.6)),
                   random.uniform(0.008, 0.02), 0.002);
    }
    Object object{{strands, plain(palette.dark, 0.1)}};
    object.push_back({{ellipse({0, 0.1}, 0.5, 0.55)}, plain(palette.dark, 0.5)});
    if (!fur) {
        object.push_back(
            {{ellipse({0, 0.25}, 0.36, 0.46)}, material_of(palette.main, palette, random)});
        object.push_back({{rounded_box({0, 0.85}, 0.14, 0.15, 0.02)}, plain(palette.main, 0.5)});
    }
    return object;
}

Object wire_basket(const Palette& palette, Random& random) {
    Outline wires;
    const int count = random.integer(6, 12);
    const double width = random.uniform(0.012, 0.03);
    for (int i = 0; i <= count; ++i) {
        const double share = -1 + 2.0 * i / count;
        const Vec upright[] = {{0.9 * share, -0.5}, {0.68 * share, 0.95}};
        add_stroke(wires, upright, width);
        if (i < count) {
            const double y = -0.5 + 1.45 * i / count;
            const double reach = 0.9 - 0.22 * (y + 0.5) / 1.45;
            const Vec across[] = {{-reach, y}, {reach, y}};
            add_stroke(wires, across, width);
        }
    }
    Outline rim;
    const Vec base[] = {{-0.7, 0.96}, {0.7, 0.96}};
    add_stroke(rim, base, width * 2.5);
    add_loop(rim, ellipse({0, -0.5}, 0.92, 0.1), width * 1.8);
    return {{wires, plain(palette.main, 0.3, 0.3)}, {rim, plain(palette.main, 0.5, 0.3)}};
}

Object plant(const Palette& palette, Random& random) {
    Outline stems;
    Outline leaves;
    const int count = random.integer(5, 10);
    for (int i = 0; i < count; ++i) {
        const double angle = -kPi / 2 + random.uniform(-0.9, 0.9);
        const double reach = random.uniform(0.7, 1.3);
        const Path stem =
            strand({random.uniform(-0.1, 0.1), 0.45}, angle, reach, random.uniform(-0.4, 0.4));
        add_stroke(stems, stem, 0.025, 0.01);
        for (std::size_t at = 16; at < stem.size(); at += 10) {
            const double turn = angle + random.sign() * random.uniform(0.5, 1.0);
            const Placement place{stem[at] + Vec{std::cos(turn), std::sin(turn)} * 0.1, 1, turn};
            leaves.push_back(placed({superellipse({0, 0}, 0.11, 0.035, 1.5)}, place).front());
        }
    }
    const Vec pot[] = {{0.34, 0.45}, {0.32, 0.6}, {0.25, 0.95}, {0.15, 1.0}};
    const Rgb green =
        from_hsv(random.uniform(0.22, 0.4), random.uniform(0.3, 0.8), random.uniform(0.3, 0.7));
    return {{stems, plain(green * 0.7F, 0.3)},
            {leaves, plain(green, 0.3, 0.2)},
            {{turned(pot)}, material_of(palette.main, palette, random)}};
}

Object strap_bag(const Palette& palette, Random& random) {
    Outline straps;
    for (const double shift : {-0.06, 0.06}) {
        const Vec loop[] = {{-0.4 + shift, 0.1},
                            {-0.3 + shift, -0.7},
                            {0.0 + shift, -0.95},
                            {0.3 + shift, -0.7},
                            {0.4 + shift, 0.1}};
        add_stroke(straps, smooth_line(loop), random.uniform(0.02, 0.05));
    }
    const Vec body[] = {{0.78, 0.05}, {0.85, 0.9},  {0.4, 0.98},
                        {-0.4, 0.98}, {-0.85, 0.9}, {-0.78, 0.05}};
    return {{straps, plain(palette.dark, 0.4)},
            {{smooth_loop(body)}, material_of(palette.main, palette, random)}};
}

Object glasses(const Palette& palette, Random& random) {
    Outline rims;
    const double bar = random.uniform(0.02, 0.06);
    Object object;
    for (const double side : {-1.0, 1.0}) {
        const Path lens = superellipse({side * 0.5, 0.1}, 0.4, 0.32, 2.6);
        Material tint = plain(palette.accent, 0.1, 0.4);
        tint.opacity = random.uniform(0.1, 0.4);
        tint.rim_opacity = tint.opacity;
        object.push_back({{lens}, tint});
        add_loop(rims, lens, bar);
        const Vec arm[] = {{side * 0.88, 0.0}, {side * 0.97, -0.2}, {side * 0.8, -0.5}};
        add_stroke(rims, smooth_line(arm), bar);
    }
    const Vec bridge[] = {{-0.12, 0.05}, {0, -0.02}, {0.12, 0.05}};
    add_stroke(rims, smooth_line(bridge), bar);
    object.push_back({rims, plain(palette.main, 0.6, 0.5)});
    return object;
}

}  // namespace

Object thin_object(const Palette& palette, int turn, Random& random) {
    static constexpr Maker kMakers[] = {cable, necklace,    wheel, whisk,     hair,
                                        hair,  wire_basket, plant, strap_bag, glasses};
    return make(kMakers, palette, turn, random);
}

}  // namespace editprep::benchmarks
