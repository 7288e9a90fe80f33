#include "sprite.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "filters.hpp"
#include "noise_field.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Rect;
using imaging::Size;

/// The side of the small copy on which light is computed.
constexpr int kReliefSide = 256;

Rect bounds(const Outline& outline, Size size) {
    double left = size.width;
    double top = size.height;
    double right = 0;
    double bottom = 0;
    for (const Path& path : outline) {
        for (const Vec point : path) {
            left = std::min(left, point.x);
            top = std::min(top, point.y);
            right = std::max(right, point.x);
            bottom = std::max(bottom, point.y);
        }
    }
    const Rect box{static_cast<int>(std::floor(left)), static_cast<int>(std::floor(top)),
                   static_cast<int>(std::ceil(right)), static_cast<int>(std::ceil(bottom))};
    return imaging::intersect(box, imaging::bounds_of(size));
}

/// What the light does to a part, on a small copy of its box.
struct Relief {
    Plane brightness;
    Plane highlight;
    /// 0 in the middle to 1 at a steep edge.
    Plane steepness;
};

/// Treats the blurred coverage as a height and lights the slopes.
Relief relief_of(const Plane& covered, const Material& material, const StudioLight& light) {
    const int longest = std::max(covered.width(), covered.height());
    const double scale = std::min(1.0, static_cast<double>(kReliefSide) / longest);
    const Size size{std::max(1, static_cast<int>(covered.width() * scale)),
                    std::max(1, static_cast<int>(covered.height() * scale))};
    // A margin, so that the box's own sides slope too.
    const int margin = kReliefSide / 16;
    const Plane small = resample(covered, size);
    Plane padded({size.width + 2 * margin, size.height + 2 * margin});
    for (int y = 0; y < size.height; ++y) {
        std::copy_n(small.row(y), size.width, padded.row(y + margin) + margin);
    }
    const Plane fine = gaussian_blur(padded, margin / 3.2);
    const Plane coarse = gaussian_blur(padded, margin * 1.1);
    const double depth = material.relief * margin;

    Relief relief{Plane(size), Plane(size), Plane(size)};
    const double norm = std::sqrt(light.direction.x * light.direction.x +
                                  light.direction.y * light.direction.y + 0.64);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const auto slope = [&](int dx, int dy) {
                const int column = x + margin;
                const int line = y + margin;
                const float near =
                    fine.at(column + dx, line + dy) - fine.at(column - dx, line - dy);
                const float far =
                    coarse.at(column + dx, line + dy) - coarse.at(column - dx, line - dy);
                return depth * (0.45 * static_cast<double>(near) + 1.6 * static_cast<double>(far));
            };
            const double nx = -slope(1, 0);
            const double ny = -slope(0, 1);
            const double nz = 1 / std::sqrt(nx * nx + ny * ny + 1);
            const double facing =
                (nx * light.direction.x + ny * light.direction.y + 0.8) * nz / norm;
            const double lit = std::max(0.0, facing);
            const double mirrored = std::max(0.0, 2 * facing * nz - 0.8 / norm);
            relief.brightness.at(x, y) =
                static_cast<float>(light.ambient + (1.25 - light.ambient) * lit);
            relief.highlight.at(x, y) =
                static_cast<float>(material.gloss * std::pow(std::min(1.0, mirrored), 24));
            relief.steepness.at(x, y) = static_cast<float>(std::pow(1 - nz, 1.5));
        }
    }
    return relief;
}

double step(double value, double softness) { return std::clamp(0.5 + value / softness, 0.0, 1.0); }

/// Share of the second colour at a point in the object's own units; `pixel` is a pixel's size
/// there, which keeps the pattern's edges soft.
double pattern_share(const Material& material, Vec point, double pixel, std::uint64_t seed) {
    const double u = point.x / material.pattern_size;
    const double v = point.y / material.pattern_size;
    const double soft = 2 * pixel / material.pattern_size;
    switch (material.pattern) {
        case Pattern::plain:
            return 0.5 + 0.5 * clouds_at(u * 3, v * 3, 3, seed);
        case Pattern::stripes:
            return step(std::abs(std::remainder(v + 0.2 * u, 2.0)) - 0.5, soft);
        case Pattern::checks:
            return step(std::sin(3.14159 * u) * std::sin(3.14159 * v), soft * 3);
        case Pattern::dots:
            return step(0.32 - std::hypot(std::remainder(u, 1.0), std::remainder(v, 1.0)), soft);
        case Pattern::clouds:
            return std::clamp(0.5 + 1.2 * clouds_at(u, v, 5, seed), 0.0, 1.0);
        case Pattern::fade:
            return step(-point.y, 1.6);
    }
    return 0;
}

void draw_part(Sprite& sprite, const Part& part, const Placement& placement,
               const StudioLight& light, std::uint64_t seed) {
    Outline outline = placed(part.outline, placement);
    const Rect box = bounds(outline, sprite.alpha.size());
    if (box.empty()) {
        return;
    }
    for (Path& path : outline) {
        for (Vec& point : path) {
            point = point - Vec{static_cast<double>(box.left), static_cast<double>(box.top)};
        }
    }
    const Material& material = part.material;
    const Plane covered = coverage(outline, box.size());
    const Relief relief = relief_of(covered, material, light);
    const double to_relief_x = static_cast<double>(relief.brightness.width()) / box.width();
    const double to_relief_y = static_cast<double>(relief.brightness.height()) / box.height();

    for (int y = 0; y < box.height(); ++y) {
        for (int x = 0; x < box.width(); ++x) {
            if (covered.at(x, y) <= 0) {
                continue;
            }
            const double rx = (x + 0.5) * to_relief_x;
            const double ry = (y + 0.5) * to_relief_y;
            const float steep = sample(relief.steepness, rx, ry);
            const Vec own = placement.undo({box.left + x + 0.5, box.top + y + 0.5});
            const auto share =
                static_cast<float>(pattern_share(material, own, 1 / placement.scale, seed));
            const float glint = sample(relief.highlight, rx, ry);
            Rgb colour =
                mix(material.colour, material.second, share) * sample(relief.brightness, rx, ry);
            colour = mix(colour, light.surroundings, static_cast<float>(material.mirror) * steep);
            colour = colour + Rgb{glint, glint, glint};

            const double rim = std::min(1.0, 2.5 * static_cast<double>(steep));
            const double opacity = std::max(std::lerp(material.opacity, material.rim_opacity, rim),
                                            std::min(1.0, 1.5 * static_cast<double>(glint)));
            const float alpha = covered.at(x, y) * static_cast<float>(std::min(1.0, opacity));
            Rgb& below = sprite.colour.at(box.left + x, box.top + y);
            float& below_alpha = sprite.alpha.at(box.left + x, box.top + y);
            below = below * (1 - alpha) + colour * alpha;
            below_alpha = below_alpha * (1 - alpha) + alpha;
        }
    }
}

}  // namespace

void draw(Sprite& sprite, const Object& object, const Placement& placement,
          const StudioLight& light, std::uint64_t seed) {
    for (const Part& part : object) {
        draw_part(sprite, part, placement, light, ++seed);
    }
}

}  // namespace editprep::benchmarks
