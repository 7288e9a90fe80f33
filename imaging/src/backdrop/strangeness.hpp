#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "backdrop/cell_noise.hpp"

namespace editprep::imaging {

/// How far a cell is from the backdrop, in standard deviations.
struct Strangeness {
    /// From the light.
    float of_light = 0;
    /// From the light in any shadow.
    float of_shadow = 0;
    /// From the light in a slight shadow, and in a very slight one.
    float of_shade = 0;
    float of_slight_shade = 0;
    /// Share of the light that is missing; below 0 where the cell is brighter.
    float depth = 0;
};

/// That of the cells of a row.
struct StrangenessRow {
    explicit StrangenessRow(std::size_t cells)
        : of_light(cells),
          of_shadow(cells),
          of_shade(cells),
          of_slight_shade(cells),
          depth(cells) {}

    [[nodiscard]] Strangeness operator[](std::size_t i) const {
        return {of_light[i], of_shadow[i], of_shade[i], of_slight_shade[i], depth[i]};
    }

    std::vector<float> of_light;
    std::vector<float> of_shadow;
    std::vector<float> of_shade;
    std::vector<float> of_slight_shade;
    std::vector<float> depth;
};

/// What is known of so many cells that lie side by side.
struct CellRow {
    std::size_t count = 0;
    /// Luma, red_blue and green of the smoothed cells' differences from the light.
    std::array<const float*, 3> calm{};
    /// The cells themselves and the light.
    std::array<const float*, 3> mean{};
    std::array<const float*, 3> light{};
    /// How far the light may be off.
    const float* doubt = nullptr;
};

/// Writes the first cells.count values of the row, which has room for them.
void measure_strangeness(const CellRow& cells, const CellNoise& noise, StrangenessRow& row);

}  // namespace editprep::imaging
