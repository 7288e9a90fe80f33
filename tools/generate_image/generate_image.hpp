#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/shared/context.hpp"
#include "tools/shared/remote_options.hpp"
#include "tools/shared/run_tool.hpp"

/// Has a provider make pictures from a prompt.
namespace editprep::tools::generate_image {

struct Options {
    std::string prompt;
    std::string provider;
    std::string config;
    std::string model;
    std::string endpoint = "/images/generations";
    /// Unset: the default folder for images.
    std::optional<std::string> out_dir;
    std::string prefix = "generated";
    std::optional<std::string> size;
    std::optional<std::string> quality;
    std::optional<std::string> style;
    std::optional<std::string> background;
    std::optional<int> count;
    std::optional<std::int64_t> seed;
    std::optional<bool> nsfw;
    RemoteGroup remote{.timeout_seconds = 300};
    bool no_download = false;
    bool print_json = false;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Asks the provider, saves what it made, prints the result.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::generate_image
