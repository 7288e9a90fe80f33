#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/mask_inpaint/single_region.hpp"
#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/workflow/edit_workflow.hpp"
#include "tools/workflow/mask_edges.hpp"

/// Makes a mask from regions, or adapts a given one, and edits the picture with it.
namespace editprep::tools::mask_inpaint {

struct Options {
    std::string image;
    std::string prompt;
    std::optional<std::string> mask;
    SingleRegion single_region;
    /// Each as `kind:a:b:c:d`.
    std::vector<std::string> regions;
    imaging::MaskEdges edges{.feather_sigma_px = 8};
    bool invert = false;
    /// Unset: the default folder for masks.
    std::optional<std::string> mask_dir;
    bool mask_only = false;
    EditSettings settings{.edit = {.prefix = "inpaint"}};
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Throws what run() would say of edges and regions on a picture of that size; touches no file.
void check_plan(const Options& options, imaging::Size picture);

/// Writes the mask, edits unless told to stop there, prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::mask_inpaint
