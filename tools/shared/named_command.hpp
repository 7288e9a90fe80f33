#pragma once

#include "tools/shared/run_tool.hpp"

namespace editprep::tools {

/// The command with the program's name before its usage errors where they lack it: those that show
/// only once the words were understood, as when a model is looked up.
/// @param arguments main()'s
[[nodiscard]] Command named_command(int argument_count, char** arguments, const Command& command);

}  // namespace editprep::tools
