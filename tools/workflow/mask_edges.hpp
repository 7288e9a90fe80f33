#pragma once

#include "editprep/imaging/mask_edges.hpp"
#include "tools/shared/command_line.hpp"

/// The edge of a mask on the command line.
namespace editprep::tools {

/// --expand and --shrink. The commands differ in what --feather takes.
void add_edge_options(CommandLine& line, imaging::MaskEdges& edges);
[[nodiscard]] OptionText feather_text();

/// Throws Failure for a feather that no picture is large enough for.
void check_edges(const imaging::MaskEdges& edges);

}  // namespace editprep::tools
