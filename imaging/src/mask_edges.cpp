#include "editprep/imaging/mask_edges.hpp"

#include "editprep/imaging/mask_morphology.hpp"

namespace editprep::imaging {

Mask shape_edges(Mask mask, const MaskEdges& edges) {
    // Each step that does nothing would still copy the mask.
    if (edges.expand_px > 0) {
        mask = grow(mask, edges.expand_px);
    }
    if (edges.shrink_px > 0) {
        mask = shrink(mask, edges.shrink_px);
    }
    if (edges.feather_sigma_px > 0) {
        mask = feather(mask, edges.feather_sigma_px);
    }
    return mask;
}

}  // namespace editprep::imaging
