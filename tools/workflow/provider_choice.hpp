#pragma once

#include <string>

#include "editprep/transport/provider_config.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"

/// Which provider does the work.
namespace editprep::tools {

/// Names that mean the built-in protocols, whatever a configuration says.
inline constexpr const char* kLocalProvider = "local";
inline constexpr const char* kFalProvider = "fal";
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

/// A provider across the network, with what it takes to ask it.
struct RemoteProvider {
    enum class Kind { fal, openai };
    Kind kind = Kind::openai;
    /// As summaries show it: `fal`, or the entry's name.
    std::string name;
    /// For an OpenAI-compatible one.
    transport::ProviderEntry entry{};
    /// For fal.
    transport::FalKey fal_key{};

    [[nodiscard]] bool is_fal() const noexcept { return kind == Kind::fal; }
    [[nodiscard]] const transport::Secret& key() const noexcept {
        return is_fal() ? fal_key.key : entry.api_key;
    }
};

struct ProviderUse {
    /// Nothing will be sent, so that fal may be named without a key.
    bool dry_run = false;
    /// The built-in provider would do, too: errors name it as a way to go on.
    bool local_counts = false;
};

/// The one that was chosen; when none was named the first entry of the configuration file by name,
/// else fal if there is a key for it. `choice` must not be local: the built-in provider is never
/// put in the place of another, for a made-up result must not pass for the one that was asked for.
/// @param config_path --config; empty for the default
/// Throws transport::Error as ProviderConfig does, and Failure for fal without a key.
[[nodiscard]] RemoteProvider find_provider(const ProviderChoice& choice,
                                           const std::string& config_path,
                                           const Environment& environment, const Story& story,
                                           const ProviderUse& use = {});

/// --model, else the variable, else what the provider is asked for by default; warns of a name that
/// only stands for one.
/// @param variable    the environment variable that names a model for this purpose
/// @param placeholder sent to OpenAI-compatible providers when nobody named a model
/// @param fal_default the same for fal
[[nodiscard]] std::string effective_model(const std::string& option, const char* variable,
                                          const char* placeholder, const char* fal_default,
                                          const RemoteProvider& provider,
                                          const Environment& environment, const Story& story);

}  // namespace editprep::tools
