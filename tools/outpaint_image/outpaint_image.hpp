#pragma once

#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/canvas.hpp"
#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/workflow/edit_workflow.hpp"

/// Enlarges the canvas around a picture and edits the new area.
namespace editprep::tools::outpaint_image {

struct Options {
    std::string image;
    std::string prompt;
    /// Added to every side.
    int expand = 0;
    imaging::Margins sides;
    imaging::CanvasFill mode = imaging::CanvasFill::transparent;
    /// Read only where a solid canvas is painted.
    std::string background = "#00000000";
    int blur_sigma_px = 24;
    /// Unset: the default folder for canvases.
    std::optional<std::string> work_dir;
    std::optional<std::string> mask_out;
    bool prepare_only = false;
    EditSettings settings{.edit = {.prefix = "outpaint"}};
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Throws what run() would say of the canvas around a picture of that size; touches no file.
void check_plan(const Options& options, imaging::Size picture);

/// Writes the canvas, edits unless told to stop there, prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::outpaint_image
