#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/execute.hpp"
#include "tools/generate_batch_media/shard.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// Runs a manifest of the other commands.
namespace editprep::tools::generate_batch_media {

struct Options {
    std::string manifest;
    std::string vars_json;
    std::optional<std::string> vars_file;
    std::optional<std::string> summary_out;
    std::optional<std::string> report;
    std::optional<Shard> shard;
    /// Summaries of shards to put together; nothing is run then.
    std::vector<std::string> merge;
    ExecuteOptions execute{};
    bool restart = false;
    bool dry_run = false;
    bool print_json = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Checks all items, runs them, prints the results.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::generate_batch_media
