#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/remote_options.hpp"
#include "tools/shared/run_tool.hpp"

/// Has a provider make pictures from a prompt.
namespace editprep::tools::generate_image {

/// The member of a request that references go to, unless another one is named.
inline constexpr const char* kReferenceKey = "reference_images";

/// Pictures that the result is to take after; no option of this command (reference_media).
struct References {
    /// For fal, unless it is kReferenceKey, a field of the model.
    std::string key = kReferenceKey;
    std::vector<std::string> files{};
};

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
    References references{};
    RemoteGroup remote{.timeout_seconds = 300};
    bool no_download = false;
    bool print_json = false;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// What parse() accepts.
[[nodiscard]] std::vector<KnownOption> known_options();

/// Asks the provider, saves what it made, prints the result.
void run(const Options& options, const Context& context);

/// How far a run came, for callers that may make another one.
struct Progress {
    /// HTTP status of the provider's answer; 0 while there is none.
    int status = 0;
    /// The model takes no request without references.
    bool needs_references = false;
};

/// The same; `progress` is true at every moment, also when it ends by an exception.
void run(const Options& options, const Context& context, Progress& progress);

}  // namespace editprep::tools::generate_image
