#pragma once

#include "backdrop/border_line.hpp"
#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// The backdrop's light all over the picture, also behind the object.
struct LightSurface {
    Planes light;
    /// How much each cell had to say in the last round; 0 to 1.
    Plane weights;
};

/// Cells of less weight had none.
inline constexpr float kHeard = 0.1F;

/// Draws a smooth surface to what hangs together with the border and, less, to what fits it. Where
/// the object hardly differs from the backdrop and has gaps in its outline, such a fit may swallow
/// it and take the backdrop around for shadow. Therefore it is done twice, the second time with
/// little trust in what differs at all, and the second surface counts where clearly more cells
/// agree with it.
/// Source: M. Fischler, R. Bolles, "Random sample consensus", 1981.
/// @param coarse means of cells, at most about 100 a side
/// @param pure how little each cell is a mixture; 0 to 1
[[nodiscard]] LightSurface fit_light_surface(const Planes& coarse, const Plane& pure,
                                             const BorderLine& border);

}  // namespace editprep::imaging
