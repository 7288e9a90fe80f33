#include "camera.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "filters.hpp"
#include "random.hpp"

namespace editprep::benchmarks {
namespace {

/// sRGB code values of the object before the backdrop.
Picture composite(const Sprite& sprite, const Picture& backdrop, bool linear_light) {
    Picture result(backdrop.size());
    for (std::size_t i = 0; i < result.values().size(); ++i) {
        const float alpha = sprite.alpha.values()[i];
        const Rgb object = sprite.colour.values()[i];
        const Rgb behind = backdrop.values()[i];
        if (linear_light || alpha < 1e-4F) {
            result.values()[i] = to_code(object + behind * (1 - alpha));
        } else {
            result.values()[i] = mix(to_code(behind), to_code(object * (1 / alpha)), alpha);
        }
    }
    return result;
}

Plane noise_plane(imaging::Size size, double grain, Random& random) {
    Plane plane(size);
    for (float& value : plane.values()) {
        value = static_cast<float>(random.normal());
    }
    if (grain <= 0) {
        return plane;
    }
    plane = gaussian_blur(plane, grain);
    double square = 0;
    for (const float value : plane.values()) {
        square += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto gain = static_cast<float>(std::sqrt(static_cast<double>(size.area()) / square));
    for (float& value : plane.values()) {
        value *= gain;
    }
    return plane;
}

/// Most noise is common to the channels, as a raw converter leaves it.
void add_noise(Picture& picture, const CameraPlan& plan, Random& random) {
    constexpr float kCommon = 0.8F;
    constexpr float kOwn = 0.6F;
    const Plane common = noise_plane(picture.size(), plan.grain, random);
    const auto strength = static_cast<float>(plan.noise / 255);
    for (float Rgb::*channel : {&Rgb::red, &Rgb::green, &Rgb::blue}) {
        const Plane own = noise_plane(picture.size(), plan.grain, random);
        for (std::size_t i = 0; i < picture.values().size(); ++i) {
            float& code = picture.values()[i].*channel;
            const float level = strength * (0.35F + 0.65F * std::sqrt(std::max(0.0F, code)));
            code += level * (kCommon * common.values()[i] + kOwn * own.values()[i]);
        }
    }
}

void sharpen(Picture& picture, double amount, double radius) {
    const Picture soft = gaussian_blur(picture, radius);
    for (std::size_t i = 0; i < picture.values().size(); ++i) {
        picture.values()[i] = picture.values()[i] +
                              (picture.values()[i] - soft.values()[i]) * static_cast<float>(amount);
    }
}

std::uint8_t quantised(float code) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(code * 255.0F), 0L, 255L));
}

}  // namespace

void blur_lens(Sprite& sprite, double sigma) {
    sprite.colour = gaussian_blur(sprite.colour, sigma);
    sprite.alpha = gaussian_blur(sprite.alpha, sigma);
}

imaging::Image photograph(const Sprite& sprite, const Picture& backdrop, const CameraPlan& plan,
                          std::uint64_t seed) {
    Random random(seed);
    Picture picture = composite(sprite, backdrop, plan.linear_light);
    if (plan.noise > 0) {
        add_noise(picture, plan, random);
    }
    if (plan.sharpening > 0) {
        sharpen(picture, plan.sharpening, plan.sharpening_radius);
    }
    imaging::Image image(picture.size(), imaging::Channels::rgb);
    for (std::size_t i = 0; i < picture.values().size(); ++i) {
        image.bytes()[3 * i] = quantised(picture.values()[i].red);
        image.bytes()[3 * i + 1] = quantised(picture.values()[i].green);
        image.bytes()[3 * i + 2] = quantised(picture.values()[i].blue);
    }
    return image;
}

}  // namespace editprep::benchmarks
