#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Product shots drawn in code: an object before a backdrop, with the true coverage of each pixel.
namespace editprep::testing {

/// Red, green and blue, 0 to 255.
using Tone = std::array<float, 3>;
/// Over the picture, in pixels; the first pixel's centre is (0.5, 0.5).
using ToneField = std::function<Tone(float x, float y)>;
using Field = std::function<float(float x, float y)>;

[[nodiscard]] ToneField flat(Tone tone);
/// Brighter towards the upper left, darker towards the corners, by some 40 levels.
[[nodiscard]] ToneField gradient_and_vignette(imaging::Size size);
/// A floor darker than the wall, which goes over into it within `softness` pixels.
[[nodiscard]] ToneField sweep(float horizon, float softness);

/// Distances to an outline in pixels, negative inside.
[[nodiscard]] Field disc(float x, float y, float radius);
[[nodiscard]] Field ring(float x, float y, float radius, float thickness);
[[nodiscard]] Field block(float left, float top, float right, float bottom);
/// A straight rod.
[[nodiscard]] Field rod(float x0, float y0, float x1, float y1, float thickness);
[[nodiscard]] Field both(Field a, Field b);

/// No shadow anywhere.
[[nodiscard]] Field unshadowed();
/// A soft shadow: what of the light is left, least in the middle of an ellipse.
[[nodiscard]] Field soft_shadow(float x, float y, float width, float height, float depth);

struct Scene {
    imaging::Size size{300, 240};
    ToneField light = flat({243, 243, 243});
    Field shadow = unshadowed();
    /// Distance to the object's outline.
    Field object = disc(150, 120, 60);
    /// The object is wholly there so many pixels further inside than it begins.
    float softness = 1;
    ToneField object_tone = flat({60, 90, 150});
    /// Standard deviation, in levels, independent in each channel.
    float noise = 0;
};

struct Shot {
    imaging::Image picture;
    /// The share of each pixel that the object covers.
    imaging::Mask truth;
};

[[nodiscard]] Shot draw(const Scene& scene);

/// Pixels that both select by half or more, over those that either does; 1 when none does.
[[nodiscard]] double overlap(const imaging::Mask& mask, const imaging::Mask& truth);
/// Mean difference, 0 to 1, over the pixels that the object covers in part and their neighbours.
[[nodiscard]] double edge_error(const imaging::Mask& mask, const imaging::Mask& truth);
/// Mean difference, 0 to 1, over the picture.
[[nodiscard]] double mean_error(const imaging::Mask& mask, const imaging::Mask& truth);
/// Share of a part of the mask that is selected, 0 to 1.
[[nodiscard]] double share_within(const imaging::Mask& mask, imaging::Rect part);

}  // namespace editprep::testing
