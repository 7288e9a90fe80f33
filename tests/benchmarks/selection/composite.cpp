#include "composite.hpp"

#include <algorithm>
#include <cmath>

#include "backdrop.hpp"
#include "camera.hpp"
#include "filters.hpp"
#include "objects.hpp"
#include "random.hpp"
#include "recipe.hpp"
#include "shadow.hpp"
#include "sprite.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Size;

/// The backdrop's light on the object's edges.
void add_spill(Sprite& sprite, Rgb colour, double strength) {
    const double scale =
        std::min(1.0, 256.0 / std::max(sprite.alpha.width(), sprite.alpha.height()));
    const Plane small = resample(sprite.alpha, {static_cast<int>(sprite.alpha.width() * scale),
                                                static_cast<int>(sprite.alpha.height() * scale)});
    const Plane inside = resample(gaussian_blur(small, 6), sprite.alpha.size());
    for (std::size_t i = 0; i < sprite.alpha.values().size(); ++i) {
        const float near_edge = std::clamp(2.0F * (1.0F - inside.values()[i]), 0.0F, 1.0F);
        const float share = static_cast<float>(strength) * (0.15F + 0.85F * near_edge);
        const float alpha = sprite.alpha.values()[i];
        Rgb& value = sprite.colour.values()[i];
        value = mix(value, colour * alpha, share);
    }
}

Placement placement_of(const Recipe& recipe) {
    const double side = std::min(recipe.size.width, recipe.size.height);
    return {{recipe.centre_x * recipe.size.width, recipe.centre_y * recipe.size.height},
            recipe.scale * side / 2,
            recipe.turn,
            recipe.mirrored};
}

imaging::Mask to_mask(const Plane& alpha) {
    imaging::Mask mask(alpha.size());
    std::ranges::transform(alpha.values(), mask.bytes().begin(), [](float value) {
        return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 1.0F) * 255.0F));
    });
    return mask;
}

std::string name_of(std::string_view class_name, int number) {
    return std::string(class_name) + (number < 10 ? "_0" : "_") + std::to_string(number);
}

}  // namespace

int pictures_per_class(SetSize set) noexcept { return set == SetSize::small ? 4 : 12; }

Composite draw_composite(std::string_view class_name, int number, SetSize set, int series) {
    Composite composite;
    composite.name = name_of(class_name, number);
    composite.class_name = class_name;
    Random random(seed_of(composite.name + (set == SetSize::small ? "" : " large") +
                          (series == 0 ? "" : " " + std::to_string(series))));
    const Recipe recipe = make_recipe(class_name, number, set, random);

    Sprite sprite{Picture(recipe.size), Plane(recipe.size)};
    draw(sprite, recipe.object, placement_of(recipe), recipe.light, random.bits());
    if (recipe.spill > 0) {
        add_spill(sprite, recipe.backdrop.colour, recipe.spill);
    }
    blur_lens(sprite, recipe.camera.blur);
    Picture backdrop = make_backdrop(recipe.size, recipe.backdrop, random.bits());
    add_shadows(backdrop, sprite.alpha, recipe.shadow);
    const imaging::Image image = photograph(sprite, backdrop, recipe.camera, random.bits());

    composite.truth = to_mask(sprite.alpha);
    composite.format =
        recipe.jpeg_quality > 0 ? imaging::ImageFormat::jpeg : imaging::ImageFormat::png;
    imaging::WriteOptions options;
    options.quality = std::max(1, recipe.jpeg_quality);
    composite.file = imaging::encode_image(image, composite.format, options);
    return composite;
}

}  // namespace editprep::benchmarks
