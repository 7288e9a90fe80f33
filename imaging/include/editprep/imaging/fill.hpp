#pragma once

#include <string_view>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Edits that need no model: what the `local` provider can honestly do to the selected region.
namespace editprep::imaging {

enum class FillKind {
    /// Filled from its surroundings: A. Telea, "An image inpainting technique based on the fast
    /// marching method", 2004, as OpenCV's photo module has it; away from the region's edge it
    /// passes over into a smooth membrane. Large regions are filled on a smaller copy, so the time
    /// is bounded.
    inpaint,
    /// Alpha 0.
    transparent,
    /// Gaussian blur of the picture.
    blur,
    /// One colour, which may have alpha.
    solid,
};

struct Fill {
    FillKind kind = FillKind::inpaint;
    /// For `solid`.
    Color color{255, 255, 255, 255};
    /// For `blur`; zero or less chooses 1/50 of the picture's longer side, at least 8.
    double blur_sigma_px = 0;
};

/// `inpaint`, `transparent`, `blur`, `white`, `black`, `#RRGGBB` or `#RRGGBBAA`; throws
/// invalid_color.
[[nodiscard]] Fill parse_fill(std::string_view text);
/// The name that parse_fill understands.
[[nodiscard]] std::string to_string(const Fill& fill);

/// The picture with its selected region filled. Pixels with mask 0 are bit-identical; partial
/// pixels are blended (composite.hpp). Same size; RGBA when the fill has alpha or the picture has,
/// else RGB.
///
/// `inpaint` treats every pixel with mask above 0 as unknown, and blends with twice the mask's
/// value (at most 255): a feathered mask is at half strength on the object's own edge, and the
/// object should leave no ghost there. A mask that selects every pixel gives invalid_argument.
[[nodiscard]] Image fill_region(const Image& image, const Mask& mask, const Fill& fill);

}  // namespace editprep::imaging
