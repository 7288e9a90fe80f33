#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/output_options.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/workflow/object_mask.hpp"

/// Derives the mask of an object, or of its background, from the picture alone.
namespace editprep::tools::prepare_object_mask {

struct Options {
    std::string image;
    ObjectMaskOptions mask{
        .selection = {.values = {.mode = imaging::SelectionMode::corner_bg}},
    };
    /// Unset: `<stem>_object_mask.png` beside the picture.
    std::optional<std::string> out;
    bool print_json = false;
    OutputGroup output;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Writes the mask and prints its path, or what is known of it.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::prepare_object_mask
