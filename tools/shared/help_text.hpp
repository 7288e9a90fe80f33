#pragma once

#include <span>
#include <string>
#include <string_view>

/// The layout of a command's help.
namespace editprep::tools {

struct HelpEntry {
    std::string section;
    /// `--feather SIGMA`
    std::string option;
    std::string description;
};

inline constexpr std::size_t kHelpColumns = 100;

/// The text broken at blanks so that no line passes kHelpColumns (unless a word does). The first
/// line starts at `first_column`, which the caller has filled; every further one is indented.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t first_column, std::size_t indent);

/// Entries under their sections, in the order in which the sections first appear.
[[nodiscard]] std::string format_entries(std::span<const HelpEntry> entries);

}  // namespace editprep::tools
