#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/shared/output_options.hpp"

/// Refusing early: an output that may not be written should be known before the work is done.
namespace editprep::tools {

struct PlannedOutput {
    /// What messages call it: the option that named it, else words.
    std::string subject;
    std::string path;
    /// The name is the command's own, and every run replaces the file of the one before.
    bool replaced_each_run = false;
};

/// Adds the preview to the outputs, if one was asked for.
void add_preview(const OutputGroup& output, std::vector<PlannedOutput>& outputs);

/// Throws when an output cannot be written, has an extension that no picture is written with,
/// exists and may not be replaced, is one of the sources, or is named twice. With `overwrite` files
/// may be replaced, sources too, unless nobody named the output: such a name may hit a source by
/// accident.
void check_outputs(std::span<const PlannedOutput> outputs, std::span<const std::string> sources,
                   bool overwrite);

}  // namespace editprep::tools
