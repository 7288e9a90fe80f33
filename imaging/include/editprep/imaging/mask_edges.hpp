#pragma once

#include "editprep/imaging/mask.hpp"

/// The edge of a mask: how far it reaches and how softly it ends.
namespace editprep::imaging {

/// Zero and negative values do nothing.
struct MaskEdges {
    int expand_px = 0;
    int shrink_px = 0;
    /// At most kMaxFeatherSigma (mask_morphology.hpp).
    double feather_sigma_px = 0;
};

/// Grows, shrinks, feathers, in this order.
[[nodiscard]] Mask shape_edges(Mask mask, const MaskEdges& edges);

}  // namespace editprep::imaging
