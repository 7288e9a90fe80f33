#pragma once

#include "editprep/imaging/mask.hpp"
#include "tools/shared/command_line.hpp"

/// The edge of a mask: how far it reaches and how softly it ends.
namespace editprep::tools {

struct MaskEdges {
    int expand_px = 0;
    int shrink_px = 0;
    double feather_sigma_px = 0;
};

/// --expand and --shrink. The commands differ in what --feather takes.
void add_edge_options(CommandLine& line, MaskEdges& edges);
[[nodiscard]] OptionText feather_text();

/// Throws Failure for a feather that no picture is large enough for.
void check_edges(const MaskEdges& edges);

/// Grows, shrinks, feathers, in this order; zero and negative values do nothing.
[[nodiscard]] imaging::Mask shape_edges(imaging::Mask mask, const MaskEdges& edges);

}  // namespace editprep::tools
