#include "backdrop/light_surface.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "backdrop/border_light.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/spline_surface.hpp"
#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// The surface that a border of these colours spans: exact for light that changes along x, along y
/// or both independently (a vignette, a sweep, a gradient).
/// Source: S. Coons, "Surfaces for computer-aided design of space forms", 1967.
Planes coons_patch(Size size, const std::vector<Rgb>& ring) {
    const int width = size.width;
    const int height = size.height;
    const int right = width - 1;
    const int bottom = height - 1;
    const auto top_at = [&](int x) { return ring[static_cast<std::size_t>(x)]; };
    const auto right_at = [&](int y) { return ring[static_cast<std::size_t>(right + y)]; };
    const auto bottom_at = [&](int x) {
        return ring[static_cast<std::size_t>(right + bottom + (right - x))];
    };
    const auto left_at = [&](int y) {
        return y == 0 ? ring[0] : ring[static_cast<std::size_t>(2 * right + bottom + (bottom - y))];
    };
    Planes patch;
    for (std::size_t c = 0; c < 3; ++c) {
        patch[c] = Plane(size);
        const float a = top_at(0)[c];
        const float b = top_at(right)[c];
        const float d = bottom_at(0)[c];
        const float e = bottom_at(right)[c];
        for (int y = 0; y < height; ++y) {
            const float v = static_cast<float>(y) / static_cast<float>(std::max(1, bottom));
            const float l = left_at(y)[c];
            const float r = right_at(y)[c];
            for (int x = 0; x < width; ++x) {
                const float u = static_cast<float>(x) / static_cast<float>(std::max(1, right));
                const float ruled_down = (1 - v) * top_at(x)[c] + v * bottom_at(x)[c];
                const float ruled_across = (1 - u) * l + u * r;
                const float corners = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * e);
                patch[c].at(x, y) = ruled_down + ruled_across - corners;
            }
        }
    }
    return patch;
}

Planes difference(const Planes& a, const Planes& b) {
    Planes result = a;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < a[c].count(); ++i) {
            result[c][i] -= b[c][i];
        }
    }
    return result;
}

void add(Planes& a, const Planes& b) {
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < a[c].count(); ++i) {
            a[c][i] += b[c][i];
        }
    }
}

/// The usual difference between neighbours along the backdrop's border.
float usual_step(const Planes& residual, const BorderLine& border) {
    const auto color = [&](Point p) { return color_at(residual, residual[0].index(p.x, p.y)); };
    std::vector<float> steps;
    for (std::size_t i = 1; i < border.cells().size(); ++i) {
        if (border.accepted()[i] && border.accepted()[i - 1]) {
            steps.push_back(distance(color(border.cells()[i - 1]), color(border.cells()[i])));
        }
    }
    return median(steps);
}

/// What can be reached from the backdrop's border without a step and without leaving the light far
/// behind: backdrop and soft shadows.
/// @param step_limit the largest step between neighbours
Grid<std::uint8_t> grow(const Planes& residual, const BorderLine& border, float step_limit) {
    constexpr float kReach = 60;
    const Size size = residual[0].size();
    Grid<std::uint8_t> grown(size);
    CellVector<std::size_t> cells;
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        if (border.accepted()[i]) {
            cells.push_back(grown.index(border.cells()[i].x, border.cells()[i].y));
            grown[cells.back()] = 1;
        }
    }
    grown.flood(cells, [&](std::size_t i, std::size_t j) {
        const Rgb color = color_at(residual, j);
        const bool joins = grown[j] == 0 && distance(color_at(residual, i), color) < step_limit &&
                           length(color) < kReach;
        grown[j] = joins ? 1 : grown[j];
        return joins;
    });
    return grown;
}

/// Geman and McClure's: 1 for what fits, soon nothing for what does not. Brightness that is missing
/// is more often a shadow than light that is not there, unless it is no more than noise.
/// @param noise the usual difference of neighbours, in sRGB values
float robust_weight(const Rgb& residual, float scale, float noise) {
    constexpr float kForDarker = 0.3F;
    const float darker_scale = std::min(scale, std::max(kForDarker * scale, noise));
    const float own_scale = to_opponent(residual).luma < 0 ? darker_scale : scale;
    return 1 / squared(1 + squared(length(residual) / own_scale));
}

/// The part of the residual that a whole row shares, as a sweep's horizon leaves it.
void add_row_means(Planes& surface, const Planes& residual, const Plane& weights) {
    constexpr float kWeightOfNone = 3;
    for (std::size_t c = 0; c < 3; ++c) {
        Plane& plane = surface[c];
        const Plane& rest = residual[c];
        for (int y = 0; y < plane.height(); ++y) {
            float sum = 0;
            float total = kWeightOfNone;
            for (int x = 0; x < plane.width(); ++x) {
                sum += weights.at(x, y) * rest.at(x, y);
                total += weights.at(x, y);
            }
            for (int x = 0; x < plane.width(); ++x) {
                plane.at(x, y) += sum / total;
            }
        }
    }
}

/// How much a fit takes for light.
struct Trust {
    /// In the first round, and never more in a later one: what differs from the light by more, in
    /// sRGB values, has little weight.
    float widest_scale = 0;
    /// The largest step between neighbours that hang together, in usual ones.
    float usual_steps = 0;
};

/// The fit of the light, improved round by round: the surface is drawn to what fits it, and what
/// fits grows.
/// @param pure how little each cell is a mixture
LightSurface refine(const Planes& first_light, const Planes& coarse, const Plane& pure,
                    const BorderLine& border, const Trust& limits) {
    constexpr int kRounds = 6;
    constexpr int kIntervals = 6;
    constexpr double kStiffness = 0.3;
    constexpr float kNarrowestScale = 2;
    constexpr float kLeastStep = 0.6F;
    // Backdrop in a hole hangs together with nothing, but shows by its colour.
    constexpr float kTrustInEnclosed = 0.3F;
    const Size size = coarse[0].size();
    LightSurface result{first_light, Plane(size)};
    const SplineSurface surface(size, kIntervals, kStiffness);
    float scale = limits.widest_scale;
    for (int round = 0; round < kRounds; ++round) {
        const Planes residual = difference(coarse, result.light);
        const float step = usual_step(residual, border);
        const Grid<std::uint8_t> grown =
            grow(residual, border, limits.usual_steps * std::max(kLeastStep, step));
        std::vector<float> spread;
        for (std::size_t i = 0; i < result.weights.count(); ++i) {
            const Rgb r = color_at(residual, i);
            const float trust_in_enclosed = round > 0 ? pure[i] * kTrustInEnclosed : 0;
            const float trust = grown[i] ? 1 : trust_in_enclosed;
            result.weights[i] = trust * robust_weight(r, scale, step);
            if (result.weights[i] > kHeard) {
                spread.push_back(length(r));
            }
        }
        Planes correction = surface.fit(residual, result.weights);
        add_row_means(correction, difference(residual, correction), result.weights);
        add(result.light, correction);
        scale = std::clamp(std::max(0.7F * scale, 4 * median(spread)), kNarrowestScale,
                           limits.widest_scale);
    }
    return result;
}

/// How much of the picture a light explains.
/// @param noise the usual difference of neighbours
double agreement(const Planes& light, const Planes& coarse, float noise) {
    constexpr float kTimesUsual = 2;
    const float unit = std::max(1.0F, kTimesUsual * noise);
    const Planes residual = difference(coarse, light);
    double sum = 0;
    for (std::size_t i = 0; i < light[0].count(); ++i) {
        sum += double{1 / squared(1 + squared(length(color_at(residual, i)) / unit))};
    }
    return sum;
}

}  // namespace

LightSurface fit_light_surface(const Planes& coarse, const Plane& pure, const BorderLine& border) {
    constexpr Trust kGenerous{14, 5};
    constexpr Trust kStrict{2.5F, 2.5F};
    constexpr double kClearlyMore = 1.02;
    const Planes first = coons_patch(coarse[0].size(), light_along(border));
    const float noise = usual_step(difference(coarse, first), border);
    LightSurface generous = refine(first, coarse, pure, border, kGenerous);
    LightSurface strict = refine(first, coarse, pure, border, kStrict);
    const bool is_swallowed = agreement(strict.light, coarse, noise) >
                              kClearlyMore * agreement(generous.light, coarse, noise);
    return is_swallowed ? std::move(strict) : std::move(generous);
}

}  // namespace editprep::imaging
