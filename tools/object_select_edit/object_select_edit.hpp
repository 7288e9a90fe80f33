#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/object_select_edit/cutout_options.hpp"
#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/shared/selection_options.hpp"
#include "tools/workflow/edit_workflow.hpp"
#include "tools/workflow/mask_edges.hpp"
#include "tools/workflow/object_mask.hpp"

/// Selects an object, or the background behind it, and edits that part of the picture.
namespace editprep::tools::object_select_edit {

enum class EditTarget { object, background };

struct Options {
    std::string image;
    std::string prompt;
    EditTarget target = EditTarget::object;
    SelectionGroup selection;
    imaging::MaskEdges edges;
    CutoutGroup cutout;
    /// Unset: the default folder for masks.
    std::optional<std::string> mask_dir;
    bool prepare_only = false;
    EditSettings settings{.edit = {.prefix = "object-edit"}};
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Throws what run() would say of edges, hints and cut-out on a picture of that size, whatever is
/// found in it; touches no file.
void check_plan(const Options& options, const ProviderChoice& choice, imaging::Size picture);

/// Writes the base mask; unless told to stop there, writes a copy of its own for the edit, edits,
/// and prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::object_select_edit
