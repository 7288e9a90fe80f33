#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "backdrop/plane.hpp"

/// Colours as brightness and two differences, in sRGB values. A shadow on a grey backdrop changes
/// the first alone, and the chroma subsampling of JPEG blurs the other two alone.
namespace editprep::imaging {

using Rgb = std::array<float, 3>;

[[nodiscard]] constexpr float squared(float x) { return x * x; }

[[nodiscard]] inline Rgb color_at(const Planes& planes, std::size_t i) {
    return {planes[0][i], planes[1][i], planes[2][i]};
}

[[nodiscard]] inline Rgb minus(const Rgb& a, const Rgb& b) {
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

[[nodiscard]] inline float dot(const Rgb& a, const Rgb& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

[[nodiscard]] inline float length(const Rgb& a) { return std::sqrt(dot(a, a)); }

[[nodiscard]] inline float distance(const Rgb& a, const Rgb& b) { return length(minus(a, b)); }

[[nodiscard]] inline Rgb mix(const Rgb& a, const Rgb& b, float t) {
    return {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])};
}

/// As std::hypot, whose result is this one to the last bit, but as part of the loop around it.
[[nodiscard]] inline float hypotenuse(float a, float b) {
    return static_cast<float>(std::sqrt(double{a} * double{a} + double{b} * double{b}));
}

/// A colour, or the difference of two.
struct Opponent {
    float luma = 0;
    float red_blue = 0;
    float green = 0;

    [[nodiscard]] float chroma() const { return hypotenuse(red_blue, green); }
    [[nodiscard]] float length() const {
        return std::sqrt(squared(luma) + squared(red_blue) + squared(green));
    }

    friend Opponent operator+(const Opponent& a, const Opponent& b) {
        return {a.luma + b.luma, a.red_blue + b.red_blue, a.green + b.green};
    }
    friend Opponent operator-(const Opponent& a, const Opponent& b) {
        return {a.luma - b.luma, a.red_blue - b.red_blue, a.green - b.green};
    }
    friend Opponent operator*(float factor, const Opponent& c) {
        return {factor * c.luma, factor * c.red_blue, factor * c.green};
    }
};

[[nodiscard]] inline Opponent to_opponent(const Rgb& c) {
    return {0.25F * c[0] + 0.5F * c[1] + 0.25F * c[2], 0.5F * (c[0] - c[2]),
            0.5F * c[1] - 0.25F * (c[0] + c[2])};
}

/// What the eye and the camera tell apart: differences of colour weigh twice.
[[nodiscard]] inline float squared_difference(const Opponent& a, const Opponent& b) {
    const Opponent d = a - b;
    return squared(d.luma) + 2 * (squared(d.red_blue) + squared(d.green));
}
[[nodiscard]] inline float difference(const Opponent& a, const Opponent& b) {
    return std::sqrt(squared_difference(a, b));
}

struct OpponentPlanes {
    [[nodiscard]] Size size() const noexcept { return luma.size(); }
    [[nodiscard]] std::size_t count() const noexcept { return luma.count(); }
    [[nodiscard]] Opponent operator[](std::size_t i) const {
        return {luma[i], red_blue[i], green[i]};
    }

    Plane luma;
    Plane red_blue;
    Plane green;
};

/// A difference from the backdrop's light taken apart into what a shadow explains and the rest.
struct ShadowPart {
    /// Share of the light that is missing; below 0 where the colour is brighter.
    float depth = 0;
    /// Distance from the line between the light and black, on which shadows lie.
    float off = 0;
    /// Length of the light's colour.
    float light = 0;
};

/// Source of the model: T. Horprasert, D. Harwood, L. Davis, "A statistical approach for real-time
/// robust background subtraction and shadow detection", 1999.
[[nodiscard]] inline ShadowPart shadow_part(const Rgb& light, const Opponent& residual) {
    constexpr float kDarkestLight = 8;
    Opponent axis = to_opponent(light);
    axis.luma = std::max(kDarkestLight, axis.luma);
    const float depth = -(residual.luma * axis.luma + residual.red_blue * axis.red_blue +
                          residual.green * axis.green) /
                        squared(axis.length());
    return {depth, (residual + depth * axis).length(), axis.length()};
}

}  // namespace editprep::imaging
