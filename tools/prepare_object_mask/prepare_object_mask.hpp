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
    /// At least one.
    std::vector<std::string> images;
    ObjectMaskOptions mask{
        .selection = {.values = {.mode = imaging::SelectionMode::corner_bg}},
    };
    /// Of one picture's mask. Unset: `<stem>_object_mask.png` in `out_dir`.
    std::optional<std::string> out;
    /// Unset: beside each picture.
    std::optional<std::string> out_dir;
    bool print_json = false;
    OutputGroup output;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Throws what run() would say of edges and hints on a picture of that size; touches no file.
void check_plan(const Options& options, imaging::Size picture);

/// Writes the masks and prints their paths, or what is known of them. Several pictures are worked
/// on at once, one on each thread; one that fails does not stop the others.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::prepare_object_mask
