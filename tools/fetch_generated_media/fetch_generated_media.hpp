#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// Finds the media that a response refers to and saves it.
namespace editprep::tools::fetch_generated_media {

struct Options {
    /// Exactly one of these two.
    std::optional<std::string> response_text;
    /// `-` is standard input.
    std::optional<std::string> response_file;
    /// What relative references are resolved against; empty when there is none.
    std::string origin;
    std::string out_dir;
    std::string prefix = "generated";
    int timeout_seconds = 600;
    /// `Key: Value`; the values are secrets.
    std::vector<std::string> headers;
    bool all = false;
    int max_megabytes = 2048;
    bool allow_private = false;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Saves the media and prints each path as soon as its file is there.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::fetch_generated_media
