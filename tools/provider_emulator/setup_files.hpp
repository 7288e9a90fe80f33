#pragma once

#include <string>

/// What users need to point the commands at the emulator.
namespace editprep::tools::provider_emulator {

/// Lines for a shell: the fal addresses and a key. With a key of the emulator's own, they refer to
/// the variable that holds it instead of repeating it.
[[nodiscard]] std::string shell_lines(const std::string& base_url, bool own_key);

/// Writes `environment.sh`, to be sourced, and `openclaw.json` with the emulator as the provider
/// `openai`, into a folder that is made when it is missing. Both are replaced.
void write_setup(const std::string& folder, const std::string& base_url, bool own_key);

}  // namespace editprep::tools::provider_emulator
