#pragma once

#include <array>

#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// What the border of the picture, and everything that hangs together with it, tell of the
/// backdrop.
struct LightFit {
    /// Of each cell of the work copy: the backdrop's light, without object and shadows.
    Planes light;
    /// How far the light may be off there, in sRGB values.
    Plane doubt;
    /// The light once more, in larger cells: no side is longer than 96, but where a horizon
    /// wants the cells themselves.
    Planes coarse_light;
    /// Of each cell of the work copy: how many horizons lie above it. Empty where there are none.
    Grid<std::uint8_t> band;
    /// How many there are: 1 without a horizon.
    int bands = 1;
    /// In the larger cells: those at the border of the picture that were taken for backdrop.
    Grid<std::uint8_t> border;
    /// Share of the border that was taken for backdrop, and of its left, top, right and bottom
    /// side; 0 to 1.
    double border_share = 0;
    std::array<double, 4> side_share{};
    /// How many of the picture's corners were.
    int corners = 0;

    /// Whether a cell of the work copy lies at the border and was taken for backdrop.
    [[nodiscard]] bool is_border(int x, int y) const;
    /// How many horizons lie above a cell.
    [[nodiscard]] int band_at(std::size_t i) const { return band.empty() ? 0 : band[i]; }
};

/// No side of the copy may be shorter than 2.
[[nodiscard]] LightFit fit_light(const WorkCopy& copy);

}  // namespace editprep::imaging
