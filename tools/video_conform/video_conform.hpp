#pragma once

#include <string>

#include "tools/clips/limit_options.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// Makes a clip acceptable to a model with as little change as possible.
namespace editprep::tools::video_conform {

struct Options {
    std::string input;
    std::string output;
    LimitGroup limits{};
    double start_seconds = 0;
    bool pad = false;
    bool overwrite = false;
    bool dry_run = false;
    bool print_json = false;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Writes the clip and prints its path, or with --dry-run tells what would be done.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::video_conform
