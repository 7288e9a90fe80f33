#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "editprep/transport/fal.hpp"
#include "tools/remote/fal_input.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools::fal_client {

/// parse_fal_expiry for an option: throws UsageError.
[[nodiscard]] std::optional<std::chrono::seconds> to_expiry(const std::string& text);

/// What goes to fal beside the input, and what is checked before: the options of submit and run.
struct CallGroup {
    transport::FalCallOptions call{};
    /// Files travel inside the JSON whatever their size, instead of being uploaded.
    bool inline_files = false;
    bool skip_validation = false;
    bool dry_run = false;
    std::optional<double> max_cost_usd{};

    void add_to(CommandLine& line);

    [[nodiscard]] std::uint64_t inline_limit_bytes() const noexcept {
        return inline_files ? UINT64_MAX : kInlineLimitBytes;
    }
};

}  // namespace editprep::tools::fal_client
