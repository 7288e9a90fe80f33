#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "tools/shared/arguments.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// The commands that items are routed to, each run in this process.
namespace editprep::tools::generate_batch_media {

/// What a command line asks for that needs no provider.
struct LocalWork {
    /// Pictures that are read.
    std::vector<std::string> pictures;
    /// Empty for commands without one.
    std::string prefix{};
    /// `local`; empty where no provider is involved, not even the built-in one.
    std::string provider{};
    /// Throws what the command would say of its options on a first picture of that size.
    std::function<void(imaging::Size picture)> check{};
    /// The file that comes of it, where its name is not made up anew by each run; else empty.
    std::string output{};
};

struct BatchCommand {
    std::string_view name;
    /// The `mode` of items that it is for.
    std::vector<std::string_view> modes;
    Command run;
    DescribeError describe_error;
    /// What it accepts.
    std::vector<KnownOption> options;
    /// It may ask a provider (it has --dry-run and --idempotency-key).
    bool may_be_paid = true;
    /// What the words ask for, if it is local; nothing where a provider is asked. Throws
    /// UsageError.
    std::function<std::optional<LocalWork>(const Words& words, const Environment& environment)>
        local_work;
    /// The key of an item that stands for the command's own --mode, since an item's `mode` says
    /// which command is meant. Empty where there is no such option, or routing sets it.
    std::string_view mode_key{};

    /// Null when it has none of that name.
    [[nodiscard]] const KnownOption* option(std::string_view option_name) const;
};

[[nodiscard]] const std::vector<BatchCommand>& batch_commands();

/// Null when there is none of that name.
[[nodiscard]] const BatchCommand* find_command(std::string_view name);

/// Null when no command is for items of that mode.
[[nodiscard]] const BatchCommand* command_for_mode(std::string_view mode);

}  // namespace editprep::tools::generate_batch_media
