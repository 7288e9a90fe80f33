#pragma once

#include <optional>
#include <string>

#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// How a remote provider is asked, whatever for: --extra-json, --extra-json-file,
/// --skip-validation, --max-cost, --allow-private, --dry-run.
struct RemoteGroup {
    std::string extra_json{};
    std::optional<std::string> extra_json_file{};
    bool skip_validation = false;
    std::optional<double> max_cost_usd{};
    bool allow_private = false;
    bool dry_run = false;
    /// Bounds connecting and each wait for data, not the whole. Commands differ in whether it is an
    /// option.
    int timeout_seconds = 180;

    /// @param known_extra_json whether the older command had --extra-json and --extra-json-file
    void add_to(CommandLine& line, bool known_extra_json);
};

/// --timeout, where a command has it.
void add_timeout(CommandLine& line, RemoteGroup& group);

}  // namespace editprep::tools
