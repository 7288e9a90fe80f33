#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/shared/output_options.hpp"

/// Refusing early: an output that may not be written should be known before the work is done.
namespace editprep::tools {

struct PlannedOutput {
    /// The option that named it.
    std::string option;
    std::string path;
};

/// Adds the preview to the outputs, if one was asked for.
void add_preview(const OutputGroup& output, std::vector<PlannedOutput>& outputs);

/// Throws when an output exists and may not be replaced, is one of the sources, or is named twice.
/// With `overwrite` only the last.
void check_outputs(std::span<const PlannedOutput> outputs, std::span<const std::string> sources,
                   bool overwrite);

}  // namespace editprep::tools
