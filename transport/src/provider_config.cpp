#include "editprep/transport/provider_config.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "ascii.hpp"
#include "config_file.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "joined.hpp"
#include "json5.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

/// Headers that requests have anyway, or that change where and how they go.
bool has_another_meaning(std::string_view header) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"accept", "accept-encoding", "authorization", "connection", "content-encoding",
         "content-length", "content-type", "cookie", "expect", "host", "keep-alive", "te",
         "trailer", "transfer-encoding", "upgrade", "user-agent", "via", "x-api-key"});
    const std::string name = lower_case(header);
    return name.starts_with("proxy-") || std::ranges::find(kNames, name) != kNames.end();
}

/// An entry of the file, while it is looked into.
class EntryReader {
public:
    EntryReader(const std::string& file, const std::string& name, const Json& entry,
                const EnvironmentLookup& environment)
        : file_(file), name_(name), entry_(entry), environment_(environment) {}

    [[nodiscard]] ProviderEntry read() const {
        ProviderEntry provider;
        provider.name = name_;
        provider.base_url = text("baseUrl");
        provider.api_key = Secret(text("apiKey"));
        std::vector<std::string> missing;
        if (provider.base_url.empty()) {
            missing.emplace_back("baseUrl");
        }
        if (provider.api_key.empty()) {
            missing.emplace_back("apiKey");
        }
        if (!missing.empty()) {
            refuse("provider is missing required fields: " + name_ + " -> " + joined(missing),
                   "Add them to config.models.providers." + name_ + " in " + file_);
        }
        while (provider.base_url.ends_with('/')) {
            provider.base_url.pop_back();
        }
        provider.allow_insecure = flag("allowInsecure");
        provider.mask_convention = mask_convention();
        provider.idempotency_header = idempotency_header();
        check_base_url(provider);
        return provider;
    }

private:
    [[noreturn]] void refuse(const std::string& what, const std::string& next_step) const {
        throw Error(Errc::invalid_config, what, file_, next_step);
    }

    [[nodiscard]] ConfigPlace place(const char* field) const {
        return {file_, "models.providers." + name_ + "." + field};
    }

    [[nodiscard]] std::string text(const char* field) const {
        return resolved_text(member_at(entry_, {field}), place(field), environment_);
    }

    [[nodiscard]] bool flag(const char* field) const {
        const Json& value = member_at(entry_, {field});
        if (!value.is_null() && !value.is_boolean()) {
            const auto [file, member] = place(field);
            refuse("expected true or false: " + file + " -> " + member, "Write it without quotes");
        }
        return value.is_boolean() && value.get<bool>();
    }

    [[nodiscard]] std::optional<MaskConvention> mask_convention() const {
        const std::string word = text("maskEncoding");
        const auto convention = parse_mask_convention(word);
        if (!word.empty() && !convention) {
            const auto [file, member] = place("maskEncoding");
            refuse("unknown mask encoding \"" + word + "\": " + file + " -> " + member,
                   "Known are white-edits and transparent-edits");
        }
        return convention;
    }

    [[nodiscard]] std::string idempotency_header() const {
        std::string name = text("idempotencyHeader");
        if (!name.empty() && (!is_token(name) || has_another_meaning(name))) {
            const auto [file, member] = place("idempotencyHeader");
            refuse("not a header for idempotency keys: \"" + name + "\": " + file + " -> " + member,
                   "Take the name from the provider's documentation, mostly Idempotency-Key");
        }
        return name;
    }

    void check_base_url(const ProviderEntry& provider) const {
        const auto [file, member] = place("baseUrl");
        const std::string where = file + " -> " + member;
        try {
            const Url url = parse_url(provider.base_url);
            const bool private_line = url.scheme == "https" || is_loopback_host(url.host);
            if (!private_line && !provider.allow_insecure) {
                refuse("the key of " + name_ + " would travel over plain http to " + url.origin() +
                           ": " + where,
                       "Use https, or set allowInsecure: true beside baseUrl when you trust every "
                       "machine on the way");
            }
        } catch (const Error& error) {
            if (error.errc() != Errc::invalid_url) {
                throw;
            }
            refuse("invalid baseUrl of " + name_ + ": " + error.what() + ": " + where,
                   "Write it like https://api.example.com/v1");
        }
    }

    const std::string& file_;
    const std::string& name_;
    const Json& entry_;
    const EnvironmentLookup& environment_;
};

}  // namespace

ProviderConfig ProviderConfig::load(const std::string& path, const EnvironmentLookup& environment) {
    ProviderConfig config;
    config.path_ = expand_home(path, environment);
    const Json content = read_config(config.path_);
    const Json& providers = member_at(content, {"models", "providers"});
    if (!providers.is_object() || providers.empty()) {
        throw Error(
            Errc::invalid_config, "no providers found in config: " + config.path_, config.path_,
            "Add one under config.models.providers: {\"name\": {\"baseUrl\": \"https://...\", "
            "\"apiKey\": \"${NAME_OF_A_VARIABLE}\"}}");
    }
    for (const auto& [name, entry] : providers.items()) {
        config.names_.push_back(name);
    }
    std::ranges::sort(config.names_);
    config.providers_json_ = providers.dump();
    config.variables_ = inline_variables(content);
    return config;
}

ProviderEntry ProviderConfig::choose(const std::string& name,
                                     const EnvironmentLookup& environment) const {
    const std::string& chosen = name.empty() ? names_.front() : name;
    if (!std::ranges::binary_search(names_, chosen)) {
        throw Error(Errc::provider_not_found, "provider not found: " + chosen, chosen,
                    "Config: " + path_ + "\nAvailable providers: " + joined(names_) +
                        "\nChoose one with --provider or OPENCLAW_MEDIA_PROVIDER");
    }
    const Json providers = parse_json5(providers_json_);
    const Json& entry = providers.at(chosen);
    if (!entry.is_object()) {
        throw Error(
            Errc::invalid_config, "provider entry is not an object: " + chosen, path_,
            "Give config.models.providers." + chosen + " a baseUrl and an apiKey in " + path_);
    }
    return EntryReader(path_, chosen, entry, with_inline_variables(environment, variables_)).read();
}

}  // namespace editprep::transport
