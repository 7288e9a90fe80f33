#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "editprep/transport/provider_config.hpp"

/// Configuration files and the values in them that lead elsewhere.
namespace editprep::transport {

/// A leading `~/` becomes HOME; without a HOME the path stays as it is.
[[nodiscard]] std::string expand_home(const std::string& path,
                                      const EnvironmentLookup& environment);

/// The content of a file of at most `max_bytes`. Throws read_failed with the path and the reason.
[[nodiscard]] std::string read_text_file(const std::string& path, std::size_t max_bytes);

/// Throws config_not_found or invalid_config in the words of the contract's section 3.3.
[[nodiscard]] nlohmann::ordered_json read_config(const std::string& path);

/// The variables that a configuration brings along (`env` and `env.vars`), which count where the
/// environment has none of that name.
/// https://docs.openclaw.ai/gateway/configuration/environment-variables, read 2026-11-21
[[nodiscard]] std::map<std::string, std::string> inline_variables(
    const nlohmann::ordered_json& config);

/// An environment with the inline variables behind it.
[[nodiscard]] EnvironmentLookup with_inline_variables(EnvironmentLookup environment,
                                                      std::map<std::string, std::string> variables);

/// Where a value stands, for messages.
struct ConfigPlace {
    std::string file;
    /// `models.providers.alpha.apiKey`
    std::string member;
};

/// The text that a value stands for, without white space around it: a string with `${NAME}`
/// replaced
/// (`$${NAME}` keeps it as text), or `{"source": "env", "id": "NAME"}`. Empty for null. Throws
/// invalid_config for other values, for a variable that is not set, and for control characters.
[[nodiscard]] std::string resolved_text(const nlohmann::ordered_json& value,
                                        const ConfigPlace& place,
                                        const EnvironmentLookup& environment);

/// Without white space (line ends too) at both ends.
[[nodiscard]] std::string_view without_outer_white_space(std::string_view text) noexcept;

/// The member at the end of a path of names; null where a name is absent or leads through something
/// that is no object.
[[nodiscard]] const nlohmann::ordered_json& member_at(const nlohmann::ordered_json& value,
                                                      std::initializer_list<const char*> names);

}  // namespace editprep::transport
