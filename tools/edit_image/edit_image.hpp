#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/workflow/edit_workflow.hpp"

/// Has a provider edit pictures by a prompt, the first one under a mask if there is one.
namespace editprep::tools::edit_image {

struct Options {
    /// At least one; the first is edited, the others are references.
    std::vector<std::string> images;
    std::string prompt;
    std::optional<std::string> mask;
    EditSettings settings{.edit = {.prefix = "edited"}};
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Throws what run() would say with the local provider; touches no file.
void check_local_plan(const Options& options);

/// Edits and prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::edit_image
