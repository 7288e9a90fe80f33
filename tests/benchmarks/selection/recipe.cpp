#include "recipe.hpp"

#include <algorithm>
#include <cmath>

#include "objects.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Size;

Size size_of(double megapixels, Random& random) {
    static constexpr double kAspects[] = {1.0, 4.0 / 3, 3.0 / 4, 1.5, 2.0 / 3, 0.8};
    const double aspect = random.pick(kAspects);
    const double height = std::sqrt(megapixels * 1e6 / aspect);
    return {static_cast<int>(height * aspect), static_cast<int>(height)};
}

Rgb grey(double level, Random& random) {
    const auto channel = [&] { return std::min(255.0, level + random.normal() * 1.2); };
    return from_srgb8(channel(), channel(), channel());
}

Rgb pale_backdrop(Random& random) { return grey(random.uniform(225, 252), random); }

/// White to dark, now and then tinted.
Rgb any_backdrop(Random& random) {
    if (random.chance(0.25)) {
        return from_hsv(random.unit(), random.uniform(0.05, 0.6), random.uniform(0.4, 0.9));
    }
    return random.chance(0.6) ? pale_backdrop(random) : grey(random.uniform(40, 225), random);
}

void add_gradient(BackdropPlan& plan, double strength, Random& random) {
    plan.across = random.sign() * random.uniform(0.2, 1.0) * strength;
    plan.down = random.sign() * random.uniform(0.2, 1.0) * strength;
    plan.vignette = random.chance(0.6) ? random.uniform(0.3, 1.0) * strength : 0;
    plan.spot = random.chance(0.5) ? random.uniform(0.3, 1.0) * strength : 0;
    plan.spot_x = random.uniform(0.2, 0.8);
    plan.spot_y = random.uniform(0.1, 0.7);
    plan.spot_radius = random.uniform(0.2, 0.5);
    // Keep the brightest place below clipping.
    const double gain = (std::abs(plan.across) + std::abs(plan.down)) / 2 + plan.spot;
    plan.colour = plan.colour * static_cast<float>(std::exp2(-0.7 * gain));
}

void add_sweep(BackdropPlan& plan, Random& random) {
    plan.floor = random.sign() * random.uniform(0.15, 0.65);
    plan.horizon = random.uniform(0.35, 0.75);
    plan.horizon_softness = std::exp(random.uniform(std::log(0.015), std::log(0.15)));
    plan.horizon_tilt = random.uniform(-0.04, 0.04);
    plan.down += random.uniform(-0.15, 0.15);
    plan.vignette += random.uniform(0, 0.2);
    plan.colour = plan.colour * static_cast<float>(std::exp2(-std::max(0.0, plan.floor)));
}

void add_texture(BackdropPlan& plan, double strength, Random& random) {
    static constexpr Texture kTextures[] = {Texture::paper, Texture::cloth, Texture::canvas,
                                            Texture::wrinkles};
    plan.texture = random.pick(kTextures);
    plan.texture_size = random.uniform(1.5, 6);
    plan.texture_strength = strength;
}

void add_shadow(ShadowPlan& plan, double strength, Random& random) {
    plan.contact = random.uniform(0.3, 1.0) * strength;
    plan.soft = random.uniform(0.3, 1.0) * strength;
    plan.soft_blur = random.uniform(0.04, 0.2);
    plan.soft_shift_x = random.uniform(-0.12, 0.12);
    plan.soft_shift_y = random.uniform(0.0, 0.12);
    plan.cast = random.chance(0.5) ? random.uniform(0.3, 1.0) * strength : 0;
    plan.cast_reach = random.sign() * random.uniform(0.2, 1.0);
    plan.cast_height = random.sign() * random.uniform(0.15, 0.5);
    plan.cast_blur = random.uniform(0.004, 0.03);
    const auto tint = static_cast<float>(random.uniform(0.92, 1.0));
    plan.tint = random.chance(0.5) ? Rgb{1, 1, tint} : Rgb{tint, 1, 1};
}

/// What all classes share; the class then adds its own trouble.
Recipe everyday(Random& random) {
    Recipe recipe;
    recipe.size = size_of(random.uniform(0.27, 0.8), random);
    recipe.scale = random.uniform(0.6, 0.9);
    recipe.centre_x = random.uniform(0.45, 0.55);
    recipe.centre_y = random.uniform(0.45, 0.55);
    recipe.turn = random.chance(0.5) ? random.uniform(-0.5, 0.5) : 0;
    recipe.mirrored = random.chance(0.5);
    recipe.light.direction = {random.uniform(-0.9, 0.9), random.uniform(-1.0, -0.2)};
    recipe.light.ambient = random.uniform(0.3, 0.65);
    recipe.backdrop.colour = pale_backdrop(random);
    recipe.backdrop.vignette = random.uniform(0, 0.04);
    add_shadow(recipe.shadow, random.chance(0.6) ? random.uniform(0.03, 0.25) : 0.0, random);
    recipe.camera.blur = random.uniform(0.3, 1.1);
    recipe.camera.linear_light = random.chance(0.5);
    recipe.camera.noise = random.uniform(0.3, 2.0);
    recipe.camera.grain = random.uniform(0, 0.8);
    recipe.camera.sharpening = random.chance(0.4) ? random.uniform(0.2, 0.9) : 0.0;
    recipe.camera.sharpening_radius = random.uniform(0.7, 1.5);
    recipe.jpeg_quality = random.chance(0.12) ? 0 : random.integer(75, 95);
    return recipe;
}

Object any_object(const Palette& palette, int turn, Random& random) {
    if (turn % 4 < 2) {
        return solid_object(palette, turn / 2, random);
    }
    return turn % 4 == 2 ? holed_object(palette, turn / 4, random)
                         : thin_object(palette, turn / 4, random);
}

/// One of the troubles with the backdrop, mild.
void vary_backdrop(Recipe& recipe, Random& random) {
    recipe.backdrop.colour = any_backdrop(random);
    const double kind = random.unit();
    if (kind < 0.35) {
        add_gradient(recipe.backdrop, random.uniform(0.15, 0.9), random);
    } else if (kind < 0.6) {
        add_sweep(recipe.backdrop, random);
    } else if (kind < 0.75) {
        add_texture(recipe.backdrop, random.uniform(0.02, 0.06), random);
    }
    add_shadow(recipe.shadow, random.uniform(0.05, 0.5), random);
}

void touch_border(Recipe& recipe, Random& random) {
    recipe.scale = random.uniform(0.8, 1.3);
    recipe.centre_x = random.chance(0.6) ? (random.chance(0.5) ? random.uniform(0.05, 0.3)
                                                               : random.uniform(0.7, 0.95))
                                         : 0.5;
    recipe.centre_y = random.chance(0.6) ? (random.chance(0.3) ? random.uniform(0.1, 0.3)
                                                               : random.uniform(0.7, 0.95))
                                         : random.uniform(0.45, 0.6);
}

void mix_troubles(Recipe& recipe, SetSize set, Random& random) {
    const double most = set == SetSize::small ? 1.2 : 3.0;
    recipe.size = size_of(random.uniform(0.27, most), random);
    recipe.backdrop.colour = any_backdrop(random);
    add_gradient(recipe.backdrop, random.uniform(0.2, 1.2), random);
    if (random.chance(0.5)) {
        add_sweep(recipe.backdrop, random);
    }
    if (random.chance(0.5)) {
        add_texture(recipe.backdrop, random.uniform(0.02, 0.08), random);
    }
    if (random.chance(0.25)) {
        touch_border(recipe, random);
    }
    add_shadow(recipe.shadow, random.uniform(0.15, 0.55), random);
    recipe.spill = random.chance(0.4) ? random.uniform(0.05, 0.25) : 0;
    recipe.camera.noise = random.uniform(1, 7);
    recipe.camera.blur = random.uniform(0.4, 1.6);
    recipe.jpeg_quality = random.integer(60, 92);
}

Palette palette_for(std::string_view class_name, const Recipe& recipe, Random& random) {
    const bool near = class_name == "near_colour" || (class_name == "mixed" && random.chance(0.15));
    return near ? palette_near(recipe.backdrop.colour, random) : any_palette(random);
}

Object object_for(std::string_view class_name, const Palette& palette, int turn, Random& random) {
    if (class_name == "holes") {
        return holed_object(palette, turn, random);
    }
    if (class_name == "thin") {
        return thin_object(palette, turn, random);
    }
    if (class_name == "glass") {
        return glass_object(palette, turn, random);
    }
    const bool any = class_name == "high_resolution" || class_name == "mixed" ||
                     class_name == "border" || class_name == "noise" || class_name == "shadow";
    return any ? any_object(palette, turn, random) : solid_object(palette, turn, random);
}

}  // namespace

Recipe make_recipe(std::string_view class_name, int number, SetSize set, Random& random) {
    Recipe recipe = everyday(random);
    BackdropPlan& backdrop = recipe.backdrop;
    if (class_name == "flat_white") {
        backdrop.colour = grey(random.uniform(240, 255), random);
    } else if (class_name == "flat_grey") {
        backdrop.colour =
            grey(random.chance(0.3) ? random.uniform(20, 80) : random.uniform(90, 220), random);
    } else if (class_name == "chroma") {
        backdrop.colour =
            from_hsv(random.unit(), random.uniform(0.35, 0.9), random.uniform(0.45, 0.95));
        recipe.spill = random.uniform(0.05, 0.35);
        add_gradient(backdrop, random.uniform(0.05, 0.3), random);
        add_shadow(recipe.shadow, random.uniform(0.1, 0.4), random);
    } else if (class_name == "gradient") {
        backdrop.colour = any_backdrop(random);
        add_gradient(backdrop, random.uniform(0.8, 1.8), random);
    } else if (class_name == "sweep") {
        add_sweep(backdrop, random);
        add_shadow(recipe.shadow, random.uniform(0.05, 0.35), random);
    } else if (class_name == "texture") {
        backdrop.colour = any_backdrop(random);
        add_texture(backdrop, random.uniform(0.05, 0.18), random);
        backdrop.vignette = random.uniform(0, 0.2);
    } else if (class_name == "noise") {
        backdrop.colour = any_backdrop(random);
        recipe.camera.noise = random.uniform(4, 12);
        recipe.camera.grain = random.uniform(0, 1.1);
        backdrop.vignette = random.uniform(0, 0.2);
    } else if (class_name == "shadow") {
        backdrop.colour = any_backdrop(random);
        add_shadow(recipe.shadow, random.uniform(0.5, 0.9), random);
        recipe.shadow.cast = std::max(recipe.shadow.cast, random.uniform(0.0, 0.6));
        backdrop.vignette = random.uniform(0, 0.2);
    } else if (class_name == "near_colour") {
        backdrop.colour = random.chance(0.7) ? pale_backdrop(random) : any_backdrop(random);
        backdrop.vignette = random.uniform(0, 0.1);
    } else if (class_name == "high_resolution") {
        recipe.size =
            size_of(set == SetSize::small ? random.uniform(2, 3) : random.uniform(4, 12.2), random);
        vary_backdrop(recipe, random);
        recipe.camera.blur = random.uniform(0.8, 3.0);
        recipe.camera.noise = random.uniform(1, 6);
        backdrop.texture_size *= 2;
    } else if (class_name == "border") {
        vary_backdrop(recipe, random);
        touch_border(recipe, random);
    } else if (class_name == "mixed") {
        mix_troubles(recipe, set, random);
    } else {
        vary_backdrop(recipe, random);
    }
    // Every class starts with another kind of thing.
    const auto first = static_cast<int>(seed_of(class_name) % 64);
    recipe.object =
        object_for(class_name, palette_for(class_name, recipe, random), first + number, random);
    recipe.light.surroundings = backdrop.colour;
    return recipe;
}

}  // namespace editprep::benchmarks
