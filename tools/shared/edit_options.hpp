#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/fill.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// Who edits, and where the result goes: --provider, --model, --endpoint, --config, --fill,
/// --out-dir, --prefix, --no-download, --print-json.
struct EditGroup {
    std::string provider{};
    std::string model{};
    std::string endpoint{};
    std::string config{};
    /// What the built-in provider puts into the region; nothing leaves the choice to the command.
    std::optional<imaging::Fill> fill{};
    std::optional<std::string> out_dir{};
    std::string prefix{};
    bool no_download = false;
    bool print_json = false;

    /// @param default_fill what the command does without --fill, in the words of its help
    void add_to(CommandLine& line, const std::string& default_fill);
};

}  // namespace editprep::tools
