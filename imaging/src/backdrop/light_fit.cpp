#include "backdrop/light_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/border_line.hpp"
#include "backdrop/cell_filters.hpp"
#include "backdrop/horizon.hpp"
#include "backdrop/light_surface.hpp"
#include "backdrop/opponent.hpp"
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
        data[i] = weights[i] > kHeard ? 1 : 0;
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
    const LightSurface refined =
        fit_light_surface(coarse, purity(unevenness(level, step), border), border);
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
