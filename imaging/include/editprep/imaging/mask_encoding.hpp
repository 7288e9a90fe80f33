#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// How a mask leaves and enters the program. Inside there is one polarity only (mask.hpp).
namespace editprep::imaging {

enum class MaskEncoding {
    /// Grey, white = change. fal's inpainting models and most others.
    white_edits,
    /// RGBA, black, alpha 0 = change. OpenAI's /images/edits.
    transparent_edits,
};

[[nodiscard]] Image encode_mask(const Mask& mask, MaskEncoding encoding);

/// True for a picture whose alpha channel varies: decode_mask takes that for the mask.
[[nodiscard]] bool has_alpha_mask(const Image& image);

/// Reads a mask picture in either encoding: an alpha channel that varies is the mask (transparent =
/// change); otherwise the grey value is: (19595 R + 38470 G + 7471 B + 32768) >> 16 (ITU-R BT.601).
[[nodiscard]] Mask decode_mask(const Image& image);

}  // namespace editprep::imaging
