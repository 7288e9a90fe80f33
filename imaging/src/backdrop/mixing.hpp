#pragma once

#include <array>
#include <cstdint>

namespace editprep::imaging {

/// How the colours of object and backdrop are mixed where both share a pixel: as light, which is
/// what a lens does, or as sRGB values, which is what most programs do that scale, sharpen or
/// compose pictures. Between two colours of different hue the former runs along a bow, the latter
/// along the straight line.
struct MixingEvidence {
    /// By how much pixels lie beside the line on the bow's side, times the bow's own distance.
    double bowed = 0;
    /// Squared distance of the bow.
    double bow = 0;
    double pixels = 0;

    /// Adds a pixel; all are sRGB values, sRGB being taken for the square root of light.
    void add(const std::array<float, 3>& pixel, const std::array<float, 3>& backdrop,
             const std::array<float, 3>& object);
    void add(const MixingEvidence& other);

    /// 0 for sRGB values, 1 for light; between if pixels do not tell, as where all is grey.
    [[nodiscard]] float light_share() const;
};

/// Coverage of light from coverage of sRGB values, these taken for square roots of light: where a
/// share p of the way from B to F is seen, p + p (1 - p) (B - F) / (B + F) is covered.
/// @param cover 0 to 255
/// @param bend the last factor, -1 to 1, or as much of it as is wanted
[[nodiscard]] std::uint8_t cover_of_light(std::uint8_t cover, float bend);

}  // namespace editprep::imaging
