#include "backdrop/cell_noise.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// From the median of absolute values to the standard deviation of a normal distribution.
constexpr float kDeviationPerMedian = 1.4826F;
/// Less than this is rounding and the light's own error.
constexpr float kLeastSpread = 0.6F;
constexpr float kLeastStep = 0.5F;
constexpr float kLeastPixelNoise = 0.5F;

float size_of(const Opponent& r) {
    return std::abs(r.luma) + std::abs(r.red_blue) + std::abs(r.green);
}

/// Cells in reading order.
using CellList = CellVector<std::uint32_t>;

/// Of one of the bands between horizons.
CellList backdrop_cells(const LightFit& fit, const OpponentPlanes& residual, int band) {
    std::vector<float> at_border;
    const Size size = residual.size();
    for (int y = 0; y < size.height; ++y) {
        // Inside the picture only the first and the last column lie at the border.
        const int step = y == 0 || y == size.height - 1 ? 1 : std::max(1, size.width - 1);
        for (int x = 0; x < size.width; x += step) {
            if (fit.is_border(x, y) && fit.band_at(fit.doubt.index(x, y)) == band) {
                at_border.push_back(size_of(residual[fit.doubt.index(x, y)]));
            }
        }
    }
    const float limit = 3 * median(at_border) + 1;
    CellList cells(residual.count());
    std::size_t found = 0;
    // Nobody can predict which ones: every cell is written, and the next one over it if it was
    // none.
    for (std::size_t i = 0; i < residual.count(); ++i) {
        cells[found] = static_cast<std::uint32_t>(i);
        found += size_of(residual[i]) < limit && fit.band_at(i) == band ? 1U : 0U;
    }
    cells.resize(found);
    return cells;
}

float deviation(const Plane& plane, const CellList& cells) {
    return kDeviationPerMedian *
           quantile_of(cells.size(), 0.5, [&](std::size_t k) { return std::abs(plane[cells[k]]); });
}

Spread spread_of(const OpponentPlanes& residual, const CellList& cells) {
    return {std::max(kLeastSpread, deviation(residual.luma, cells)),
            std::max({kLeastSpread, deviation(residual.red_blue, cells),
                      deviation(residual.green, cells)})};
}

/// Between neighbours of a row that are both backdrop. By the few highest: between the blocks of a
/// JPEG most steps are none.
float usual_step(const OpponentPlanes& residual, const CellList& cells) {
    constexpr double kHighest = 0.95;
    constexpr float kOfHighest = 0.7F;
    const auto width = static_cast<std::uint32_t>(residual.size().width);
    CellVector<float> squares;
    squares.reserve(cells.size());
    for (std::size_t k = 0; k + 1 < cells.size(); ++k) {
        const std::uint32_t next = cells[k] + 1;
        if (cells[k + 1] == next && next % width != 0) {
            squares.push_back(squared_difference(residual[cells[k]], residual[next]));
        }
    }
    // The root of one instead of all: it changes no order.
    return kOfHighest * std::sqrt(quantile(squares, kHighest));
}

/// The first pixel of some thousand backdrop cells.
std::array<float, 3> pixel_noise(const Image& picture, const WorkCopy& copy, const LightFit& fit,
                                 const CellList& cells) {
    constexpr std::size_t kSamples = 4000;
    const auto width = static_cast<std::size_t>(copy.size().width);
    const auto scale = static_cast<std::size_t>(copy.scale);
    const std::size_t stride = std::max<std::size_t>(1, cells.size() / kSamples);
    std::array<std::vector<float>, 3> values;
    for (std::size_t k = 0; k < cells.size(); k += stride) {
        const std::size_t cell = cells[k];
        const std::uint8_t* pixel =
            picture.row(static_cast<int>(cell / width * scale)) + cell % width * scale * 3;
        for (std::size_t c = 0; c < 3; ++c) {
            values[c].push_back(std::abs(static_cast<float>(pixel[c]) - fit.light[c][cell]));
        }
    }
    std::array<float, 3> noise{};
    for (std::size_t c = 0; c < 3; ++c) {
        noise[c] = std::max(kLeastPixelNoise, kDeviationPerMedian * median(values[c]));
    }
    return noise;
}

float profile_energy(const EdgeProfile& profile, const CellList& cells) {
    constexpr std::size_t kSamples = 2000;
    const std::size_t stride = std::max<std::size_t>(1, cells.size() / kSamples);
    std::vector<float> energies;
    for (std::size_t k = 0; k < cells.size(); k += stride) {
        energies.push_back(profile.energy(cells[k], true));
    }
    return median(energies);
}

/// Of a rough band not more than some times the noise of a calm one, lest what is faint be lost
/// there.
float larger(float a, float b) {
    constexpr float kMost = 5;
    return std::min(std::max(a, b), kMost * std::min(a, b));
}

Spread larger(const Spread& a, const Spread& b) {
    return {larger(a.luma, b.luma), larger(a.chroma, b.chroma)};
}

CellNoise larger(const CellNoise& a, const CellNoise& b) {
    return {.raw = larger(a.raw, b.raw),
            .smooth = larger(a.smooth, b.smooth),
            .step = std::max(a.step, b.step),
            .pixel = {std::max(a.pixel[0], b.pixel[0]), std::max(a.pixel[1], b.pixel[1]),
                      std::max(a.pixel[2], b.pixel[2])},
            .profile = std::max(a.profile, b.profile)};
}

}  // namespace

CellNoise measure_noise(const Image& picture, const WorkCopy& copy, const LightFit& fit,
                        const EdgeProfile& profile, const OpponentPlanes& raw,
                        const OpponentPlanes& smooth) {
    CellNoise most;
    for (int band = 0; band < fit.bands; ++band) {
        const CellList cells = backdrop_cells(fit, smooth, band);
        const CellNoise noise{.raw = spread_of(raw, cells),
                              .smooth = spread_of(smooth, cells),
                              .step = std::max(kLeastStep, usual_step(smooth, cells)),
                              .pixel = pixel_noise(picture, copy, fit, cells),
                              .profile = profile_energy(profile, cells)};
        most = band == 0 ? noise : larger(most, noise);
    }
    return most;
}

}  // namespace editprep::imaging
