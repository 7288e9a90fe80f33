#pragma once

#include <string>

#include "editprep/imaging/object_selection.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// How the object is told from its surroundings: --threshold, --sample-size and the mode, whose
/// option the commands call differently.
struct SelectionGroup {
    imaging::SelectionOptions values;

    void add_to(CommandLine& line, const std::string& mode_name);
};

/// `alpha`, `corner-bg` or `auto`.
[[nodiscard]] std::string name_of(imaging::SelectionMode mode);

}  // namespace editprep::tools
