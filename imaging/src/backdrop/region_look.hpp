#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "backdrop/cell_noise.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"

/// How a stretch of cells looks against the backdrop's light.
namespace editprep::imaging {

/// What differs from the light by fewer standard deviations is the same.
inline constexpr float kSameUnits = 3;

/// Differences of cells, summed up.
struct DifferenceSum {
    double luma = 0;
    double red_blue = 0;
    double green = 0;

    void add(const Opponent& o) {
        luma += o.luma;
        red_blue += o.red_blue;
        green += o.green;
    }
    [[nodiscard]] Opponent over(double n) const {
        return {static_cast<float>(luma / n), static_cast<float>(red_blue / n),
                static_cast<float>(green / n)};
    }
};

/// Mean difference of some cells, at least one.
[[nodiscard]] Opponent mean_of(const OpponentPlanes& smooth, const CellVector<std::size_t>& cells);

/// The cells of a stretch, counted and summed up.
struct RegionTally {
    int cells = 0;
    /// At the border of the picture where it was taken for backdrop.
    int border_cells = 0;
    DifferenceSum residual;
    /// Of the residuals' lengths.
    double squares = 0;
    std::array<double, 3> light{};
    double doubt = 0;
    /// Cells that are surely brighter than the light, and darker.
    int brighter = 0;
    int darker = 0;

    [[nodiscard]] Opponent mean() const { return residual.over(cells); }
    /// Standard deviation of the residuals.
    [[nodiscard]] double spread() const;
    [[nodiscard]] Rgb mean_light() const;
    [[nodiscard]] float mean_doubt() const { return static_cast<float>(doubt / cells); }
    /// Hangs together with the backdrop at the border of the picture, on more than a few cells.
    [[nodiscard]] bool is_open() const;
};

/// What a region looks like.
struct RegionLook {
    /// Of its mean difference from the light.
    ShadowPart shadow;
    /// From the light, and from the light in any shadow, in standard deviations.
    float units = 0;
    float off_units = 0;
    /// Root mean square of the cells' differences from the light, in standard deviations.
    double strength = 0;
    /// Standard deviation by the mean difference from the light: small where all of the region
    /// is as different, and large in a shade, which is deeper here than there.
    double varied = 0;
    /// Lit like the backdrop, or a little less.
    bool slight = false;
    /// Brighter than the light here and darker there, as a lit shape is and no shaded backdrop.
    bool lit_and_shaded = false;
};

/// Measures stretches of cells against the backdrop's light.
class LightMeter {
public:
    /// All must outlive the meter.
    /// @param smooth the cells' differences from the light, smoothed
    LightMeter(const OpponentPlanes& smooth, const LightFit& fit, const CellNoise& noise);

    /// 1 at the border of the picture where it was taken for backdrop.
    [[nodiscard]] const Grid<std::uint8_t>& border() const { return border_; }

    [[nodiscard]] RegionTally tally(const CellVector<std::size_t>& cells) const;
    [[nodiscard]] RegionLook look_at(const RegionTally& region) const;
    /// Of these cells, those that do not differ from the light.
    [[nodiscard]] double equal_share(const CellVector<std::size_t>& cells) const;

private:
    void count(std::size_t cell, RegionTally& region) const;

    const OpponentPlanes& smooth_;
    const LightFit& fit_;
    const CellNoise& noise_;
    Grid<std::uint8_t> border_;
};

}  // namespace editprep::imaging
