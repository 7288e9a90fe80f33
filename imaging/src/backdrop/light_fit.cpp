#include "backdrop/light_fit.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backdrop/border_light.hpp"
#include "backdrop/border_line.hpp"
#include "backdrop/cell_filters.hpp"
#include "backdrop/horizon.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/spline_surface.hpp"
#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// Light changes slowly: so many cells along the longer side are enough.
constexpr int kCoarseSide = 96;

/// The light of a horizon is wanted in cells as small as they are, but in no more of them a side.
constexpr int kFinestSide = 1024;

/// How many cells become one along each side. Across a narrow picture enough of them remain for its
/// object not to reach the border.
Size coarse_step(Size cells) {
    constexpr int kFewest = 16;
    const int step = (std::max(cells.width, cells.height) + kCoarseSide - 1) / kCoarseSide;
    return {std::min(step, std::max(1, cells.width / kFewest)),
            std::min(step, std::max(1, cells.height / kFewest))};
}

/// Means of so many cells.
Planes coarse_copy(const Planes& fine, Size step) {
    const Size size{(fine[0].width() + step.width - 1) / step.width,
                    (fine[0].height() + step.height - 1) / step.height};
    Planes coarse;
    for (std::size_t c = 0; c < 3; ++c) {
        coarse[c] = Plane(size);
        for (int y = 0; y < size.height; ++y) {
            const int bottom = std::min(fine[c].height(), (y + 1) * step.height);
            for (int x = 0; x < size.width; ++x) {
                const int right = std::min(fine[c].width(), (x + 1) * step.width);
                float sum = 0;
                for (int row = y * step.height; row < bottom; ++row) {
                    for (int column = x * step.width; column < right; ++column) {
                        sum += fine[c].at(column, row);
                    }
                }
                const int count = (bottom - y * step.height) * (right - x * step.width);
                coarse[c].at(x, y) = sum / static_cast<float>(count);
            }
        }
    }
    return coarse;
}

/// Standard deviation of the brightness within each of those cells.
Plane unevenness(const Planes& fine, Size step) {
    Plane luma(fine[0].size());
    Plane squares(fine[0].size());
    for (std::size_t i = 0; i < luma.count(); ++i) {
        luma[i] = to_opponent(color_at(fine, i)).luma;
        squares[i] = squared(luma[i]);
    }
    const Planes coarse = coarse_copy({luma, squares, Plane(luma.size())}, step);
    Plane result(coarse[0].size());
    for (std::size_t i = 0; i < result.count(); ++i) {
        result[i] = std::sqrt(std::max(0.0F, coarse[1][i] - squared(coarse[0][i])));
    }
    return result;
}

/// 1 for a cell that is as even as those at the border, less the more uneven it is: a mixture of a
/// net's threads and of what is seen through it, which is nobody's colour.
Plane purity(const Plane& uneven, const BorderLine& border) {
    constexpr float kLeastUnevenness = 0.5F;
    constexpr float kTimesUsual = 2;
    std::vector<float> at_border;
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        if (border.accepted()[i]) {
            at_border.push_back(uneven.at(border.cells()[i].x, border.cells()[i].y));
        }
    }
    const float usual = std::max(kLeastUnevenness, median(at_border));
    Plane result(uneven.size());
    for (std::size_t i = 0; i < result.count(); ++i) {
        result[i] = 1 / squared(1 + squared(std::max(0.0F, uneven[i] / usual - kTimesUsual)));
    }
    return result;
}

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
    const auto color = [&](Point p) -> Rgb {
        return {residual[0].at(p.x, p.y), residual[1].at(p.x, p.y), residual[2].at(p.x, p.y)};
    };
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
/// @param step the usual one between neighbours
Grid<std::uint8_t> grow(const Planes& residual, const BorderLine& border, float step) {
    constexpr float kReach = 60;
    const float step_limit = std::max(3.0F, 5 * step);
    const Size size = residual[0].size();
    Grid<std::uint8_t> grown(size);
    CellVector<std::size_t> front;
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        if (border.accepted()[i]) {
            const std::size_t cell = grown.index(border.cells()[i].x, border.cells()[i].y);
            grown[cell] = 1;
            front.push_back(cell);
        }
    }
    while (!front.empty()) {
        const std::size_t here = front.back();
        front.pop_back();
        const Rgb color = color_at(residual, here);
        grown.for_each_neighbour(here, [&](std::size_t there) {
            const Rgb other = color_at(residual, there);
            if (!grown[there] && distance(color, other) < step_limit &&
                distance(other, {}) < kReach) {
                grown[there] = 1;
                front.push_back(there);
            }
        });
    }
    return grown;
}

/// Geman and McClure's: 1 for what fits, soon nothing for what does not. Brightness that is missing
/// is more often a shadow than light that is not there, unless it is no more than noise.
/// @param noise the usual difference of neighbours, in sRGB values
float robust_weight(const Rgb& residual, float scale, float noise) {
    constexpr float kForDarker = 0.3F;
    const float darker_scale = std::min(scale, std::max(kForDarker * scale, noise));
    const float own_scale = to_opponent(residual).luma < 0 ? darker_scale : scale;
    return 1 / squared(1 + squared(distance(residual, {}) / own_scale));
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

/// A fit of the light, improved round by round: the surface is drawn to what fits it, and what fits
/// grows.
struct Refinement {
    Planes light;
    /// How much each cell had to say in the last round.
    Plane weights;
};

/// @param pure how little each cell is a mixture
Refinement refine(const Planes& coarse, const Plane& pure, const BorderLine& border) {
    constexpr int kRounds = 6;
    constexpr int kIntervals = 6;
    constexpr double kStiffness = 0.3;
    constexpr float kWidestScale = 14;
    constexpr float kNarrowestScale = 2;
    // Backdrop in a hole hangs together with nothing, but shows by its colour.
    constexpr float kTrustInEnclosed = 0.3F;
    const Size size = coarse[0].size();
    Refinement result{coons_patch(size, light_along(border)), Plane(size)};
    const SplineSurface surface(size, kIntervals, kStiffness);
    float scale = kWidestScale;
    for (int round = 0; round < kRounds; ++round) {
        const Planes residual = difference(coarse, result.light);
        const float step = usual_step(residual, border);
        const Grid<std::uint8_t> grown = grow(residual, border, step);
        std::vector<float> spread;
        for (std::size_t i = 0; i < result.weights.count(); ++i) {
            const Rgb r = color_at(residual, i);
            const float trust_in_enclosed = round > 0 ? pure[i] * kTrustInEnclosed : 0;
            const float trust = grown[i] ? 1 : trust_in_enclosed;
            result.weights[i] = trust * robust_weight(r, scale, step);
            if (result.weights[i] > 0.1F) {
                spread.push_back(distance(r, {}));
            }
        }
        Planes correction = surface.fit(residual, result.weights);
        add_row_means(correction, difference(residual, correction), result.weights);
        add(result.light, correction);
        scale =
            std::clamp(std::max(0.7F * scale, 4 * median(spread)), kNarrowestScale, kWidestScale);
    }
    return result;
}

/// By how much a plane bends within a cell, along rows or columns, the most of it nearby.
Plane bend_of(const Plane& plane) {
    const Size size = plane.size();
    Plane bend(size);
    for (int y = 1; y + 1 < size.height; ++y) {
        for (int x = 1; x + 1 < size.width; ++x) {
            const float twice = 2 * plane.at(x, y);
            bend.at(x, y) = std::max(std::abs(plane.at(x - 1, y) + plane.at(x + 1, y) - twice),
                                     std::abs(plane.at(x, y - 1) + plane.at(x, y + 1) - twice));
        }
    }
    return largest_within(bend, 1);
}

/// How far the light may be off: at a horizon, where it bends within a cell, and far from data, the
/// more so the more it changes over the picture.
Plane doubt_of(const Planes& light, const Plane& weights) {
    constexpr float kPerBend = 1.5F;
    constexpr float kOfRange = 0.065F;
    constexpr float kFarShare = 0.1F;
    Plane luma(weights.size());
    Grid<std::uint8_t> data(weights.size());
    std::vector<float> levels(luma.count());
    for (std::size_t i = 0; i < luma.count(); ++i) {
        luma[i] = levels[i] = to_opponent(color_at(light, i)).luma;
        data[i] = weights[i] > 0.1F ? 1 : 0;
    }
    const float range = quantile(levels, 0.95) - quantile(levels, 0.05);
    const float far = kFarShare * static_cast<float>(std::max(luma.width(), luma.height()));
    const Plane distance = distance_to_marked(data);
    Plane doubt = bend_of(luma);
    for (std::size_t i = 0; i < doubt.count(); ++i) {
        doubt[i] = kPerBend * doubt[i] + kOfRange * range * std::min(1.0F, distance[i] / far);
    }
    return doubt;
}

/// Where a fine cell's centre lies between the centres of two coarse ones.
struct Between {
    int first = 0;
    int second = 0;
    float share_of_second = 0;
};

std::vector<Between> positions(int fine, int coarse, int step) {
    std::vector<Between> result(static_cast<std::size_t>(fine));
    for (int i = 0; i < fine; ++i) {
        const float at = (static_cast<float>(i) + 0.5F) / static_cast<float>(step) - 0.5F;
        const float inside = std::clamp(at, 0.0F, static_cast<float>(coarse - 1));
        const int first = static_cast<int>(inside);
        result[static_cast<std::size_t>(i)] = {first, std::min(first + 1, coarse - 1),
                                               inside - static_cast<float>(first)};
    }
    return result;
}

void stretch_row(const float* row, const std::vector<Between>& across, std::vector<float>& fine) {
    for (std::size_t x = 0; x < across.size(); ++x) {
        const Between& u = across[x];
        fine[x] = row[u.first] + u.share_of_second * (row[u.second] - row[u.first]);
    }
}

/// From cells of that step to single ones, bilinear.
Plane stretch(const Plane& coarse, Size size, Size step) {
    const std::vector<Between> across = positions(size.width, coarse.width(), step.width);
    const std::vector<Between> down = positions(size.height, coarse.height(), step.height);
    std::vector<float> upper(across.size());
    std::vector<float> lower(across.size());
    Plane fine(size);
    int stretched = -1;
    for (int y = 0; y < size.height; ++y) {
        const Between& v = down[static_cast<std::size_t>(y)];
        if (v.first != stretched) {
            stretched = v.first;
            stretch_row(coarse.row(v.first), across, upper);
            stretch_row(coarse.row(v.second), across, lower);
        }
        float* out = fine.row(y);
        for (std::size_t x = 0; x < across.size(); ++x) {
            out[x] = upper[x] + v.share_of_second * (lower[x] - upper[x]);
        }
    }
    return fine;
}

void add_steps(const Horizon& horizon, LightFit& fit) {
    for (int y = 0; y < fit.doubt.height(); ++y) {
        for (int x = 0; x < fit.doubt.width(); ++x) {
            const Rgb step = horizon.step_at(x, y);
            for (std::size_t c = 0; c < 3; ++c) {
                fit.light[c].at(x, y) += step[c];
            }
            fit.doubt.at(x, y) += horizon.doubt_at(x, y);
            fit.band.at(x, y) += horizon.is_below(x, y) ? 1 : 0;
        }
    }
}

void note_border(const BorderLine& border, LightFit& fit) {
    const Size size = fit.coarse_light[0].size();
    fit.border = Grid<std::uint8_t>(size);
    for (std::size_t i = 0; i < border.cells().size(); ++i) {
        if (!border.accepted()[i]) {
            continue;
        }
        const Point p = border.cells()[i];
        fit.border.at(p.x, p.y) = 1;
        fit.border_share += 1.0 / static_cast<double>(border.cells().size());
        const bool at_side = p.x == 0 || p.x == size.width - 1;
        fit.corners += at_side && (p.y == 0 || p.y == size.height - 1) ? 1 : 0;
        fit.side_share[0] += p.x == 0 ? 1.0 / size.height : 0;
        fit.side_share[1] += p.y == 0 ? 1.0 / size.width : 0;
        fit.side_share[2] += p.x == size.width - 1 ? 1.0 / size.height : 0;
        fit.side_share[3] += p.y == size.height - 1 ? 1.0 / size.width : 0;
    }
}

}  // namespace

bool LightFit::is_border(int x, int y) const {
    const Size cells = light[0].size();
    if (x > 0 && y > 0 && x + 1 < cells.width && y + 1 < cells.height) {
        return false;
    }
    return border.at(std::min(border.width() - 1, x * border.width() / cells.width),
                     std::min(border.height() - 1, y * border.height() / cells.height)) != 0;
}

LightFit fit_light(const WorkCopy& copy) {
    const Size cells = copy.size();
    const Size step = coarse_step(cells);
    const std::vector<Horizon> horizons = find_horizons(copy.mean);
    const Planes level = without_steps(horizons, copy.mean);
    const Planes coarse = coarse_copy(level, step);
    const BorderLine border(coarse);
    const Refinement refined = refine(coarse, purity(unevenness(level, step), border), border);
    LightFit fit;
    fit.coarse_light = refined.light;
    fit.light = {stretch(refined.light[0], cells, step), stretch(refined.light[1], cells, step),
                 stretch(refined.light[2], cells, step)};
    fit.doubt = stretch(doubt_of(refined.light, refined.weights), cells, step);
    note_border(border, fit);
    if (!horizons.empty()) {
        fit.band = Grid<std::uint8_t>(cells);
        fit.bands = 1 + static_cast<int>(horizons.size());
    }
    for (const Horizon& horizon : horizons) {
        add_steps(horizon, fit);
    }
    if (!horizons.empty()) {
        const int fold = (std::max(cells.width, cells.height) + kFinestSide - 1) / kFinestSide;
        fit.coarse_light = coarse_copy(fit.light, {fold, fold});
    }
    return fit;
}

}  // namespace editprep::imaging
