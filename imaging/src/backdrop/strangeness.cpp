#include "backdrop/strangeness.hpp"

#include <algorithm>

#include "backdrop/opponent.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Nothing in here depends on a condition, so that many cells can be measured at once.
inline Strangeness strangeness(const Opponent& smooth, const Opponent& raw, const Rgb& light,
                               float doubt, const Spread& noise_of_smooth,
                               const Spread& noise_of_raw) {
    constexpr float kShadowOff = 0.07F;
    constexpr float kShade = 0.1F;
    constexpr float kSlightShade = 0.05F;
    constexpr float kDeepShadow = 0.45F;
    constexpr float kUnitsPerDepth = 27;
    const float of_light = noise_of_smooth.units(smooth, doubt);
    const ShadowPart shadow = shadow_part(light, smooth);
    // Light that comes from other sides colours a shadow.
    const float off =
        shadow.off / (noise_of_smooth.chroma + kShadowOff * shadow.depth * shadow.light);
    const float too_deep = kUnitsPerDepth * (shadow.depth - kDeepShadow);
    const float in_shadow = std::min(of_light, std::max(off, too_deep));
    const float in_shade = std::min(of_light, hypotenuse(off, shadow.depth / kShade));
    const float in_slight_shade = std::min(of_light, hypotenuse(off, shadow.depth / kSlightShade));
    const bool is_darker = shadow.depth > 0;
    // Smoothing draws a neighbour's colour in.
    const float of_raw = noise_of_raw.units(raw, doubt);
    return {of_light, std::min(is_darker ? in_shadow : of_light, of_raw),
            is_darker ? in_shade : of_light, is_darker ? in_slight_shade : of_light, shadow.depth};
}

EDITPREP_SIMD_CLONES
void measure_cells(std::size_t count, const float* __restrict luma,
                   const float* __restrict red_blue, const float* __restrict green,
                   const float* __restrict mean_red, const float* __restrict mean_green,
                   const float* __restrict mean_blue, const float* __restrict light_red,
                   const float* __restrict light_green, const float* __restrict light_blue,
                   const float* __restrict doubt, Spread noise_of_smooth, Spread noise_of_raw,
                   float* __restrict of_light, float* __restrict of_shadow,
                   float* __restrict of_shade, float* __restrict of_slight_shade,
                   float* __restrict depth) {
    for (std::size_t i = 0; i < count; ++i) {
        const Rgb light = {light_red[i], light_green[i], light_blue[i]};
        const Opponent raw = to_opponent(
            {mean_red[i] - light[0], mean_green[i] - light[1], mean_blue[i] - light[2]});
        const Strangeness s = strangeness({luma[i], red_blue[i], green[i]}, raw, light, doubt[i],
                                          noise_of_smooth, noise_of_raw);
        of_light[i] = s.of_light;
        of_shadow[i] = s.of_shadow;
        of_shade[i] = s.of_shade;
        of_slight_shade[i] = s.of_slight_shade;
        depth[i] = s.depth;
    }
}

}  // namespace

void measure_strangeness(const CellRow& cells, const CellNoise& noise, StrangenessRow& row) {
    measure_cells(cells.count, cells.calm[0], cells.calm[1], cells.calm[2], cells.mean[0],
                  cells.mean[1], cells.mean[2], cells.light[0], cells.light[1], cells.light[2],
                  cells.doubt, noise.smooth, noise.raw, row.of_light.data(), row.of_shadow.data(),
                  row.of_shade.data(), row.of_slight_shade.data(), row.depth.data());
}

}  // namespace editprep::imaging
