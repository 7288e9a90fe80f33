#include "tools/workflow/provider_choice.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/network.hpp"

namespace editprep::tools {
namespace {

using transport::Errc;

constexpr const char* kConfigVariable = "OPENCLAW_CONFIG";

RemoteProvider fal_provider(transport::FalKey key) {
    return {.kind = RemoteProvider::Kind::fal, .name = kFalProvider, .fal_key = std::move(key)};
}

RemoteProvider configured_provider(const transport::ProviderConfig& config, const std::string& name,
                                   const transport::EnvironmentLookup& lookup) {
    transport::ProviderEntry entry = config.choose(name, lookup);
    std::string shown = entry.name;
    // Servers that want no key are given any word, often their own name.
    if (entry.api_key.reveal() != shown) {
        process_keys().hide(entry.api_key);
    }
    return {
        .kind = RemoteProvider::Kind::openai, .name = std::move(shown), .entry = std::move(entry)};
}

/// An entry called `local` would have to be named, and then the built-in provider is meant.
std::string first_name(const transport::ProviderConfig& config) {
    const auto first = std::ranges::find_if(
        config.names(), [](const std::string& name) { return name != kLocalProvider; });
    return first == config.names().end() ? config.names().front() : *first;
}

/// A file that nobody pointed to need not be there, and need not be about media.
bool leaves_the_choice_open(const transport::Error& error) {
    return error.errc() == Errc::config_not_found ||
           std::string_view(error.what()).starts_with("no providers found");
}

transport::Error with_advice(const transport::Error& error, const std::string& line) {
    const std::string& next_step = error.next_step();
    return {error.errc(), error.what(), error.subject(),
            next_step.empty() ? line : next_step + '\n' + line};
}

transport::Error with_ways_to_go_on(const transport::Error& error, const ProviderUse& use) {
    const std::string local =
        use.local_counts ? std::string(", or edit without an account: --provider ") + kLocalProvider
                         : "";
    return with_advice(error, "or set FAL_KEY to use fal" + local);
}

/// For a name that no entry has: it may be a misspelt one, of the file or built in.
/// @param entries the file's, if there is one
transport::Error with_known_names(const transport::Error& error, const ProviderChoice& choice,
                                  std::vector<std::string> entries, const ProviderUse& use) {
    entries.emplace_back(kFalProvider);
    if (use.local_counts) {
        entries.emplace_back(kLocalProvider);
    }
    const std::string nearest = transport::nearest_word(choice.name, entries);
    return with_advice(
        error, choice.named_by + " names '" + choice.name +
                   (use.local_counts ? "'; built in are fal and local" : "'; built in is fal") +
                   (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

}  // namespace

ProviderChoice choose_provider(const std::string& option, const Environment& environment) {
    if (!option.empty()) {
        return {option, "--provider"};
    }
    if (const auto name = environment(kProviderVariable)) {
        return {*name, kProviderVariable};
    }
    return {};
}

RemoteProvider find_provider(const ProviderChoice& choice, const std::string& config_path,
                             const Environment& environment, const Story& story,
                             const ProviderUse& use) {
    const transport::EnvironmentLookup lookup = lookup_in(environment);
    const auto fal = [&] {
        return fal_provider(use.dry_run ? look_for_fal_key(config_path, environment, story)
                                        : require_fal_key(config_path, environment, story));
    };
    if (choice.name == kFalProvider) {
        return fal();
    }
    const std::string path =
        !config_path.empty() ? config_path
                             : environment(kConfigVariable).value_or("~/.openclaw/openclaw.json");
    std::optional<transport::ProviderConfig> config;
    try {
        config = transport::ProviderConfig::load(path, lookup);
    } catch (const transport::Error& error) {
        const bool pointed_to = !config_path.empty() || environment(kConfigVariable).has_value();
        if (!choice.name.empty() && error.errc() == Errc::config_not_found) {
            throw with_known_names(error, choice, {}, use);
        }
        if (pointed_to || !choice.name.empty() || !leaves_the_choice_open(error)) {
            throw;
        }
        transport::FalKey key = look_for_fal_key(config_path, environment, story);
        if (key.key.empty()) {
            throw with_ways_to_go_on(error, use);
        }
        return fal_provider(std::move(key));
    }
    const std::string name = choice.name.empty() ? first_name(*config) : choice.name;
    if (name == kFalProvider) {
        return fal();
    }
    try {
        return configured_provider(*config, name, lookup);
    } catch (const transport::Error& error) {
        if (error.errc() != Errc::provider_not_found) {
            throw;
        }
        throw with_known_names(error, choice, config->names(), use);
    }
}

std::string effective_model(const std::string& option, const char* variable,
                            const char* placeholder, const char* fal_default,
                            const RemoteProvider& provider, const Environment& environment,
                            const Story& story) {
    const char* built_in = provider.is_fal() ? fal_default : placeholder;
    std::string model = option.empty() ? environment(variable).value_or(built_in) : option;
    if (model == placeholder) {
        story.warn("using placeholder model '" + model + "'. Name a real one with --model or " +
                   variable + ".");
    }
    return model;
}

}  // namespace editprep::tools
