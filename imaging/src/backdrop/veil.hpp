#pragma once

#include "backdrop/opponent.hpp"

namespace editprep::imaging {

/// Glass, gauze and the like before the backdrop: what shows is a mixture of its own colour and of
/// the backdrop's, and its cover is the share of its own.
struct Veil {
    /// From the backdrop's colour to the veil's where it is clearest, in sRGB values.
    Rgb difference{};
    /// The cover there, 0 to 1.
    float cover = 0;
    /// A colour that is so far from the veil's, in sRGB values, is that of something opaque.
    float contrast = 100;
};

}  // namespace editprep::imaging
