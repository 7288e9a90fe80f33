#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// What decontaminate() (cutout.hpp) does. The matte has the picture's size.
///
/// A partly covered pixel shows C = a F + (1 - a) B. Of the two colours that are asked for, the
/// surroundings tell what to expect: full pixels and backdrop pixels nearby, near ones much more
/// than far ones, as mean and variance; and partial pixels by the same equation, so that a wire,
/// which has no full pixel, still has a colour. The equation is then solved for F in the sense of
/// least squares (Y. Chuang et al., "A Bayesian approach to digital matting", CVPR 2001, with the
/// matte given). What remains of C along the line from B to F is taken for an error of the matte
/// rather than for a colour, so a feathered outline does not bring the fringe back.
///
/// How far the matte is off is estimated from the picture as a whole, and also whether it rises
/// more slowly than the object's cover does, as feathered masks do: then a steeper one is presumed
/// for the colours.
///
/// Sums over the surroundings come from a pyramid that is built around partial pixels alone, as in
/// multi-level foreground estimation (T. Germer et al., "Fast multi-level foreground estimation",
/// ICPR 2020).
[[nodiscard]] Image without_backdrop(const Image& picture, const Mask& matte);

}  // namespace editprep::imaging
