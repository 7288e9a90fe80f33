#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/shared/context.hpp"

/// From main() to a command and back: signals, streams, errors and exit codes.
namespace editprep::tools {

using Words = std::vector<std::string>;

/// Parses the words and does the work; ends early by an exception.
using Command = std::function<void(const Words& words, const Context& context)>;

/// The text for an exception of a module's own family, its lines apart by line feeds and the last
/// without one; nothing for others. Keeps the modules out of this file, so that a command links only
/// those it uses.
using DescribeError = std::optional<std::string> (*)(const std::exception& error);

enum ExitCode : int {
    kDone = 0,
    kFailed = 1,
    kWrongUsage = 2,
    /// A limit that the user set (--max-cost) would be passed.
    kLimitPassed = 3,
};

/// Runs a command against a context and turns how it ends into lines and an exit code.
[[nodiscard]] int run_command(const Command& command, const Words& words, const Context& context,
                              DescribeError describe);

/// The same with the process's own arguments, streams and environment. Broken pipes and file size
/// limits become errors instead of signals.
[[nodiscard]] int run_tool(int argument_count, char** arguments, const Command& command,
                           DescribeError describe);

}  // namespace editprep::tools
