#include "backdrop/region_look.hpp"

#include <algorithm>
#include <cmath>

namespace editprep::imaging {
namespace {

Grid<std::uint8_t> border_cells(const LightFit& fit, Size size) {
    Grid<std::uint8_t> border(size);
    for (int y = 0; y < size.height; ++y) {
        const int step = y == 0 || y == size.height - 1 ? 1 : std::max(1, size.width - 1);
        for (int x = 0; x < size.width; x += step) {
            border.at(x, y) = fit.is_border(x, y) ? 1 : 0;
        }
    }
    return border;
}

}  // namespace

Opponent mean_of(const OpponentPlanes& smooth, const CellVector<std::size_t>& cells) {
    DifferenceSum sum;
    for (const std::size_t i : cells) {
        sum.add(smooth[i]);
    }
    return sum.over(static_cast<double>(cells.size()));
}

double RegionTally::spread() const {
    return std::sqrt(std::max(0.0, squares / cells - double{squared(mean().length())}));
}

Rgb RegionTally::mean_light() const {
    return {static_cast<float>(light[0] / cells), static_cast<float>(light[1] / cells),
            static_cast<float>(light[2] / cells)};
}

bool RegionTally::is_open() const {
    constexpr double kBorderPerSide = 0.05;
    return border_cells > 0 && border_cells > kBorderPerSide * std::sqrt(cells);
}

LightMeter::LightMeter(const OpponentPlanes& smooth, const LightFit& fit, const CellNoise& noise)
    : smooth_(smooth), fit_(fit), noise_(noise), border_(border_cells(fit, smooth.size())) {}

void LightMeter::count(std::size_t cell, RegionTally& region) const {
    constexpr float kSurelyUnits = 5;
    ++region.cells;
    region.border_cells += border_[cell];
    region.residual.add(smooth_[cell]);
    region.squares += squared(smooth_[cell].length());
    region.doubt += fit_.doubt[cell];
    if (squared(smooth_.luma[cell]) >
        squared(kSurelyUnits) * (squared(noise_.smooth.luma) + squared(fit_.doubt[cell]))) {
        ++(smooth_.luma[cell] > 0 ? region.brighter : region.darker);
    }
    for (std::size_t c = 0; c < 3; ++c) {
        region.light[c] += fit_.light[c][cell];
    }
}

RegionTally LightMeter::tally(const CellVector<std::size_t>& cells) const {
    RegionTally region;
    for (const std::size_t cell : cells) {
        count(cell, region);
    }
    return region;
}

double LightMeter::equal_share(const CellVector<std::size_t>& cells) const {
    constexpr float kEqualUnits = 2.5F;
    const auto equal = std::count_if(cells.begin(), cells.end(), [&](std::size_t cell) {
        return noise_.smooth.units(smooth_[cell], fit_.doubt[cell]) < kEqualUnits;
    });
    return static_cast<double>(equal) / static_cast<double>(cells.size());
}

RegionLook LightMeter::look_at(const RegionTally& region) const {
    constexpr float kDoubtOfColor = 0.1F;
    constexpr float kShade = 0.18F;
    constexpr float kBrighter = -0.02F;
    constexpr float kLeastOffset = 0.5F;
    constexpr double kLitAndShadedShare = 0.06;
    RegionLook look;
    look.shadow = shadow_part(region.mean_light(), region.mean());
    look.units = noise_.smooth.units(region.mean(), region.mean_doubt());
    look.off_units =
        look.shadow.off / std::hypot(noise_.smooth.chroma, kDoubtOfColor * region.mean_doubt());
    look.strength = std::sqrt(region.squares / region.cells) / noise_.smooth.luma;
    look.varied =
        region.spread() / std::max(kLeastOffset, std::abs(look.shadow.depth * look.shadow.light));
    look.slight =
        (look.shadow.depth > kBrighter || look.units < kSameUnits) && look.shadow.depth < kShade;
    look.lit_and_shaded =
        std::min(region.brighter, region.darker) > kLitAndShadedShare * region.cells;
    return look;
}

}  // namespace editprep::imaging
