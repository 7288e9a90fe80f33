#pragma once

#include "editprep/imaging/fill.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Putting an object before another background, without a fringe of the old one.
namespace editprep::imaging {

/// The picture with the object's own colours where the object covers a pixel only in part (0 <
/// matte < 255): the old background's share of the colour is taken out. All other pixels are
/// bit-identical. Same size and channels. The matte must have the picture's size.
[[nodiscard]] Image decontaminate(const Image& picture, const Mask& matte);

/// How much of the backdrop's light is missing beside the object, 0 = none to 255 = all, smooth,
/// and 0 where the matte is 255. What has another hue than the backdrop is no shadow.
/// @param plate the backdrop without object and shadows, of any size, stretched over the picture
/// @param others what else stands before the backdrop, as Selection::others; empty for nothing.
///        Its shadows count.
[[nodiscard]] Mask shadow_layer(const Image& picture, const Mask& matte, const Image& plate,
                                const Mask& others = {});

struct BackgroundOptions {
    Fill fill;
    /// Laid over the new background as black of that strength; empty for none.
    Mask shadow{};
};

/// The decontaminated object over a new background: `transparent`, `solid` or `blur` (of the old
/// backdrop, the object taken out of it). `inpaint` is invalid_argument. RGBA when the fill has
/// transparency or the picture has, else RGB. Pixels with matte 255 are bit-identical.
[[nodiscard]] Image replace_background(const Image& picture, const Mask& matte,
                                       const BackgroundOptions& options);

/// The picture's backdrop, blurred, with nothing of the object in it: the mean of the backdrop
/// pixels nearby, and behind large objects a smooth passage from one side to the other. RGBA when
/// the picture has an alpha channel, else RGB.
/// @param sigma_px Gaussian sigma in pixels; zero or less chooses as Fill::blur_sigma_px does
/// @param shadow taken out of the backdrop like the object, so that it can be laid over the result;
///        empty: shadows stay and are blurred
[[nodiscard]] Image blurred_backdrop(const Image& picture, const Mask& matte, double sigma_px = 0,
                                     const Mask& shadow = {});

}  // namespace editprep::imaging
