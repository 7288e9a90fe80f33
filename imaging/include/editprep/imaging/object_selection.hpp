#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Object masks from a picture's own alpha or from a clean backdrop.
namespace editprep::imaging {

enum class SelectionMode {
    /// Alpha at or above the threshold.
    alpha,
    /// Colour distance to the mean of the four corners at or above the threshold.
    corner_bg,
    /// `alpha` when the picture has a meaningful alpha (it selects some pixels and not others),
    /// else `corner_bg`.
    automatic,
};

struct SelectionOptions {
    SelectionMode mode = SelectionMode::automatic;
    /// Alpha level for `alpha`; Euclidean RGB distance (0 to 441.67) for `corner_bg`.
    /// Zero or less selects everything.
    int threshold = 40;
    /// Side of the corner squares for `corner_bg`, clamped to [1, min(width, height)].
    int sample_size = 8;
};

struct Selection {
    /// Size of the picture; 255 = object, 0 = background, nothing between.
    Mask mask;
    /// `alpha` or `corner_bg`: the mode that made the mask.
    SelectionMode mode_used = SelectionMode::corner_bg;
    /// The backdrop's colour, as `corner_bg` found it: per channel the mean of the four corner
    /// squares, truncated. Squares that overlap in a small picture count twice where they do.
    Color backdrop;
};

/// Selects the object. A picture without alpha is fully opaque to `alpha`.
[[nodiscard]] Selection select_object(const Image& image, const SelectionOptions& options = {});

}  // namespace editprep::imaging
