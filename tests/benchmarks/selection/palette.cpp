#include "palette.hpp"

namespace editprep::benchmarks {

Palette any_palette(Random& random) {
    const double hue = random.unit();
    const double value = random.uniform(0.15, 0.95);
    Palette palette;
    palette.main = from_hsv(
        hue, random.chance(0.35) ? random.uniform(0, 0.1) : random.uniform(0.2, 0.9), value);
    palette.accent = from_hsv(hue + random.uniform(0.2, 0.8), random.uniform(0.2, 0.9),
                              random.uniform(0.3, 0.95));
    palette.dark = from_hsv(hue, random.uniform(0, 0.3), random.uniform(0.05, 0.3));
    palette.pale = from_hsv(hue, random.uniform(0, 0.12), random.uniform(0.8, 0.98));
    return palette;
}

Palette palette_near(Rgb backdrop, Random& random) {
    const auto near = [&] {
        const auto level =
            static_cast<float>((random.chance(0.3) ? 1 : -1) * random.uniform(4, 60) / 255);
        const auto tint = [&] { return level + static_cast<float>(random.normal() * 2 / 255); };
        return to_linear(to_code(backdrop) + Rgb{tint(), tint(), tint()});
    };
    Palette palette{near(), near(), near(), near(), 0.15, true};
    if (random.chance(0.7)) {
        palette.accent = any_palette(random).accent;
    }
    if (random.chance(0.7)) {
        palette.dark = backdrop * 0.3F;
    }
    return palette;
}

}  // namespace editprep::benchmarks
