#include "tools/workflow/mask_edges.hpp"

#include <string>
#include <utility>

#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {

void add_edge_options(CommandLine& line, MaskEdges& edges) {
    line.integer("--expand", edges.expand_px,
                 {.help = "Grow the selection by so many pixels", .placeholder = "PX"});
    line.integer("--shrink", edges.shrink_px,
                 {.help = "Then shrink it by so many", .placeholder = "PX"});
}

OptionText feather_text() {
    return {.help = "Then soften its edge: sigma of a Gaussian in pixels; 0 keeps it hard",
            .placeholder = "PX"};
}

void check_edges(const MaskEdges& edges) {
    if (edges.feather_sigma_px > imaging::kMaxFeatherSigma) {
        const int largest = static_cast<int>(imaging::kMaxFeatherSigma);
        throw Failure("--feather is too large; the largest is " + std::to_string(largest));
    }
}

imaging::Mask shape_edges(imaging::Mask mask, const MaskEdges& edges) {
    // Each step that does nothing would still copy the mask.
    if (edges.expand_px > 0) {
        mask = imaging::grow(mask, edges.expand_px);
    }
    if (edges.shrink_px > 0) {
        mask = imaging::shrink(mask, edges.shrink_px);
    }
    if (edges.feather_sigma_px > 0) {
        mask = imaging::feather(mask, edges.feather_sigma_px);
    }
    return mask;
}

}  // namespace editprep::tools
