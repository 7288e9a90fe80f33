#pragma once

#include "backdrop/edge_profile.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"

namespace editprep::imaging {

/// Standard deviations around the backdrop's light, in sRGB values: sensor noise, grain, texture.
struct Spread {
    float luma = 1;
    float chroma = 1;

    /// How many standard deviations a difference is, where the light itself may be off by `doubt`.
    [[nodiscard]] float units(const Opponent& difference, float doubt) const {
        constexpr float kDoubtOfChroma = 0.2F;
        return std::sqrt(squared(difference.luma) / (squared(luma) + squared(doubt)) +
                         squared(difference.chroma()) /
                             (squared(chroma) + kDoubtOfChroma * squared(doubt)));
    }
};

struct CellNoise {
    /// Of the cells, and of the same cells smoothed 3 x 3.
    Spread raw;
    Spread smooth;
    /// Usual difference of two neighbouring smoothed cells.
    float step = 1;
    /// Of a single pixel of the picture, for red, green and blue.
    std::array<float, 3> pixel{};
    /// Usual energy of a profile without an edge.
    float profile = 0;
};

/// Measured on what lies as near to the light as the border's backdrop does; where horizons divide
/// the picture, in each band by itself: each figure is that of the band where it is largest.
/// @param picture RGB
/// @param profile of the picture
/// @param raw, smooth the cells' differences from the light
[[nodiscard]] CellNoise measure_noise(const Image& picture, const WorkCopy& copy,
                                      const LightFit& fit, const EdgeProfile& profile,
                                      const OpponentPlanes& raw, const OpponentPlanes& smooth);

}  // namespace editprep::imaging
