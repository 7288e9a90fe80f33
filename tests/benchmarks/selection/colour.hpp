#pragma once

#include "raster.hpp"

namespace editprep::benchmarks {

/// Linear light or sRGB code values, both in [0, 1]; the name of the variable says which.
struct Rgb {
    float red = 0;
    float green = 0;
    float blue = 0;

    friend constexpr Rgb operator+(Rgb a, Rgb b) noexcept {
        return {a.red + b.red, a.green + b.green, a.blue + b.blue};
    }
    friend constexpr Rgb operator-(Rgb a, Rgb b) noexcept {
        return {a.red - b.red, a.green - b.green, a.blue - b.blue};
    }
    friend constexpr Rgb operator*(Rgb a, Rgb b) noexcept {
        return {a.red * b.red, a.green * b.green, a.blue * b.blue};
    }
    friend constexpr Rgb operator*(Rgb a, float factor) noexcept {
        return {a.red * factor, a.green * factor, a.blue * factor};
    }
};

using Picture = Raster<Rgb>;

[[nodiscard]] constexpr Rgb mix(Rgb a, Rgb b, float share) noexcept {
    return a * (1.0F - share) + b * share;
}

/// IEC 61966-2-1. Values above 1 come out as 1.
[[nodiscard]] float to_linear(float code) noexcept;
[[nodiscard]] float to_code(float linear) noexcept;
[[nodiscard]] Rgb to_linear(Rgb code) noexcept;
[[nodiscard]] Rgb to_code(Rgb linear) noexcept;

/// Linear light from 8-bit sRGB values, as people write colours.
[[nodiscard]] Rgb from_srgb8(double red, double green, double blue) noexcept;
/// Hue in turns, saturation and value in [0, 1], of the sRGB code values; gives linear light.
[[nodiscard]] Rgb from_hsv(double hue, double saturation, double value) noexcept;

}  // namespace editprep::benchmarks
