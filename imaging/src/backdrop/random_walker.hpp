#pragma once

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Two opinions and the ties between neighbours: who walks at random from a cell ends at the object
/// with the probability that solve() gives.
/// Source: L. Grady, "Random walks for image segmentation", PAMI 2006; with priors: "Multilabel
/// random walker image segmentation using prior models", CVPR 2005.
struct WalkerField {
    explicit WalkerField(Size size)
        : object(size), backdrop(size), to_right(size), to_below(size) {}

    /// How strongly a cell itself speaks for either, 0 or more.
    Plane object;
    Plane backdrop;
    /// Ties to the next cell of the row and of the column, above 0; the last ones have no effect.
    Plane to_right;
    Plane to_below;
};

/// In each cell the probability of object, 0 to 1.
[[nodiscard]] Plane solve(const WalkerField& field);

}  // namespace editprep::imaging
