#pragma once

#include <cstdint>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// What the small copy knows about a cell of the picture.
enum class Label : std::uint8_t {
    /// Backdrop, lit or in shadow, in every pixel.
    backdrop,
    /// Object in every pixel.
    object,
    /// Both, or not known: the pixels decide.
    undecided,
};

using CellLabels = Grid<Label>;

/// Noise that pixels of the smoothest picture are granted: rounding and JPEG.
inline constexpr float kLeastNoise = 1.5F;

/// The backdrop as the small copy knows it, one value a cell.
struct BackdropModel {
    /// The backdrop's light without object and shadows; behind the object it is interpolated.
    Planes light;
    /// Standard deviation of a single pixel of the picture around the backdrop, per channel, in
    /// sRGB values: sensor noise, grain and texture.
    std::array<float, 3> pixel_noise{};
};

}  // namespace editprep::imaging
