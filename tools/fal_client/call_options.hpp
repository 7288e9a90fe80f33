#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "editprep/transport/fal.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools::fal_client {

/// parse_fal_expiry for an option: throws UsageError.
[[nodiscard]] std::optional<std::chrono::seconds> to_expiry(const std::string& text);

/// What goes to fal beside the input, and what is checked before: the options of submit and run.
struct CallGroup {
    transport::FalCallOptions call{};
    bool skip_validation = false;
    bool dry_run = false;
    std::optional<double> max_cost_usd{};

    void add_to(CommandLine& line);
};

}  // namespace editprep::tools::fal_client
