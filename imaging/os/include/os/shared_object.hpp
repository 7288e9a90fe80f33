#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

/// Modules: parts of a library or a command that cost more to load than most runs take are shared
/// objects of their own, opened on first use and kept open.
namespace editprep::os {

/// A module cannot be had; what() has the loader's reason.
class ModuleFailure : public std::runtime_error {
public:
    ModuleFailure(const std::string& message, std::string next_step)
        : std::runtime_error(message), next_step_(std::move(next_step)) {}

    /// Names the folder that was searched.
    [[nodiscard]] const std::string& next_step() const noexcept { return next_step_; }

private:
    std::string next_step_;
};

/// When the functions that a module calls are looked up.
enum class Binding { at_once, when_called };

/// Opens the module (for example "editprep_curl") and returns the address of `symbol` in it.
/// Thread-safe. Throws ModuleFailure.
/// @param folder where it must be; empty for the one that belongs to the running program, else the
///               loader's own path
[[nodiscard]] void* module_symbol(const char* module, const char* symbol,
                                  const std::filesystem::path& folder,
                                  Binding binding = Binding::at_once);

}  // namespace editprep::os
