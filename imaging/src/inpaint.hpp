#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// A part of a picture, filled.
struct Filling {
    Rect area;
    Image image;
};

/// Fills the pixels where the mask is above 0 from those where it is 0, of which there must be
/// some. `selected` is the mask's selected_bounds(). The result covers it and its surroundings,
/// which come back as blurred as the filling.
///
/// Telea's method continues the surroundings into the hole. It leaves streaks that fan out and a
/// brightness that drifts, the more the deeper it gets; so away from the hole's edge the result
/// passes over into a membrane, the smoothest surface with that edge (Laplace's equation).
[[nodiscard]] Filling inpaint(const Image& picture, const Mask& mask, const Rect& selected);

}  // namespace editprep::imaging
