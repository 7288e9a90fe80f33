#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/clips/limit_options.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// Tells whether a model takes clips, before anything is uploaded and paid for.
namespace editprep::tools::video_preflight {

struct Options {
    std::vector<std::string> clips;
    /// A file with more of them, `-` for standard input.
    std::optional<std::string> files_from;
    bool null_separated = false;
    LimitGroup limits;
    bool together = false;
    bool strict = false;
    bool print_json = false;
    bool json_lines = false;
    bool list_models = false;
    /// 0: one for each processor.
    int jobs = 0;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Prints a verdict on each clip. Ends with an ExitRequest of 1 when some clip cannot be read, and
/// else of 3 when some is refused.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::video_preflight
