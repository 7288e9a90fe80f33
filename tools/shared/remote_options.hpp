#pragma once

#include <optional>
#include <string>

#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// How a remote provider is asked, whatever for: --extra-json, --extra-json-file,
/// --skip-validation, --max-cost, --allow-private, --dry-run, --idempotency-key, --resend-unknown.
struct RemoteGroup {
    std::string extra_json{};
    std::optional<std::string> extra_json_file{};
    bool skip_validation = false;
    std::optional<double> max_cost_usd{};
    bool allow_private = false;
    bool dry_run = false;
    /// A job of this key is collected in the place of a new one: whatever was sent under it is
    /// never paid for twice. Empty for none.
    std::string idempotency_key{};
    /// A job of the key whose outcome is unknown is sent again, after all that can be found out at
    /// the provider says that it is not there.
    bool resend_unknown = false;
    /// Bounds connecting and each wait for data, not the whole. Commands differ in whether it is an
    /// option.
    int timeout_seconds = 180;

    /// @param known_extra_json whether the older command had --extra-json and --extra-json-file
    void add_to(CommandLine& line, bool known_extra_json);
};

/// --timeout, where a command has it.
void add_timeout(CommandLine& line, RemoteGroup& group);

}  // namespace editprep::tools
