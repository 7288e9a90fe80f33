#include "backdrop.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "filters.hpp"
#include "noise_field.hpp"

namespace editprep::benchmarks {
namespace {

constexpr double kPi = std::numbers::pi;

/// In stops, at shares of the sides.
double light_at(const BackdropPlan& plan, double u, double v, double aspect) {
    const double dx = (u - 0.5) * 2;
    const double dy = (v - 0.5) * 2;
    const double radius = (dx * dx + dy * dy) / 2;
    double stops = plan.across * (u - 0.5) + plan.down * (v - 0.5) - plan.vignette * radius;
    const double spot = std::hypot((u - plan.spot_x) * aspect, v - plan.spot_y) / plan.spot_radius;
    stops += plan.spot * std::exp(-0.5 * spot * spot);
    if (plan.floor != 0) {
        const double below = v - plan.horizon - plan.horizon_tilt * (u - 0.5);
        stops += plan.floor * 0.5 * (1 + std::tanh(below / plan.horizon_softness));
    }
    return stops;
}

/// About -1 to 1, at a pixel.
double texture_at(const BackdropPlan& plan, double x, double y, std::uint64_t seed) {
    const double u = x / plan.texture_size;
    const double v = y / plan.texture_size;
    switch (plan.texture) {
        case Texture::none:
            return 0;
        case Texture::paper:
            return 0.6 * clouds_at(u, v * 0.45, 3, seed) +
                   0.6 * clouds_at(u * 0.4, v, 3, seed + 9) +
                   0.5 * noise_at(u / 12, v / 12, seed + 20);
        case Texture::cloth: {
            const double warp = std::sin(kPi * u + 0.7 * noise_at(u / 9, v / 9, seed));
            const double weft = std::sin(kPi * v + 0.7 * noise_at(u / 9, v / 9, seed + 1));
            return 0.5 * warp * weft + 0.3 * noise_at(u / 1.5, v / 7, seed + 2) +
                   0.3 * noise_at(u / 7, v / 1.5, seed + 3);
        }
        case Texture::canvas:
            return 0.8 * clouds_at(u / 3, v / 3, 4, seed) + 0.5 * noise_at(u, v, seed + 7);
        case Texture::wrinkles: {
            const double fold = clouds_at(u / 14, v / 30, 3, seed);
            return 1.6 * (0.5 - std::abs(fold)) * std::abs(noise_at(u / 40, v / 40, seed + 5)) +
                   0.2 * noise_at(u, v, seed + 6);
        }
    }
    return 0;
}

}  // namespace

Picture make_backdrop(imaging::Size size, const BackdropPlan& plan, std::uint64_t seed) {
    // Light changes slowly: a coarse grid is enough.
    const imaging::Size coarse{std::min(size.width, 256), std::min(size.height, 256)};
    Plane light(coarse);
    const double aspect = static_cast<double>(size.width) / size.height;
    for (int y = 0; y < coarse.height; ++y) {
        for (int x = 0; x < coarse.width; ++x) {
            light.at(x, y) = static_cast<float>(std::exp2(
                light_at(plan, (x + 0.5) / coarse.width, (y + 0.5) / coarse.height, aspect)));
        }
    }
    light = resample(light, size);
    Picture picture(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double relief = plan.texture_strength * texture_at(plan, x, y, seed);
            picture.at(x, y) =
                plan.colour * (light.at(x, y) * static_cast<float>(std::max(0.0, 1 + relief)));
        }
    }
    return picture;
}

}  // namespace editprep::benchmarks
