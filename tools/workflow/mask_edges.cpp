#include "tools/workflow/mask_edges.hpp"

#include <string>

#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {

void add_edge_options(CommandLine& line, imaging::MaskEdges& edges) {
    line.integer("--expand", edges.expand_px,
                 {.help = "Grow the selection by so many pixels", .placeholder = "PX"});
    line.integer("--shrink", edges.shrink_px,
                 {.help = "Then shrink it by so many", .placeholder = "PX"});
}

OptionText feather_text() {
    return {.help = "Then soften its edge: sigma of a Gaussian in pixels; 0 keeps it hard",
            .placeholder = "PX"};
}

void check_edges(const imaging::MaskEdges& edges) {
    if (edges.feather_sigma_px > imaging::kMaxFeatherSigma) {
        const int largest = static_cast<int>(imaging::kMaxFeatherSigma);
        throw Failure("--feather is too large; the largest is " + std::to_string(largest));
    }
}

}  // namespace editprep::tools
