#pragma once

#include <string>

#include "tools/shared/context.hpp"

/// Which provider edits.
namespace editprep::tools {

inline constexpr const char* kLocalProvider = "local";
inline constexpr const char* kProviderVariable = "OPENCLAW_MEDIA_PROVIDER";

struct ProviderChoice {
    /// Empty when nobody named one.
    std::string name;
    /// What named it: `--provider` or the environment variable.
    std::string named_by;

    [[nodiscard]] bool is_local() const { return name == kLocalProvider; }
};

/// --provider, else the environment; an empty text counts as unset in both.
[[nodiscard]] ProviderChoice choose_provider(const std::string& option,
                                             const Environment& environment);

/// Throws Failure unless the provider can edit here. The built-in one is never put in the place of
/// another: a made-up result must not pass for the one that was asked for.
/// @param stop_option the option with which the command ends before the edit
void require_able_to_edit(const ProviderChoice& choice, const std::string& stop_option);

}  // namespace editprep::tools
