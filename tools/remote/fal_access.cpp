#include "tools/remote/fal_access.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using transport::FalEndpoints;

struct Replacement {
    const char* variable;
    std::string FalEndpoints::*url;
};

constexpr std::array<Replacement, 4> kReplacements{{
    {"EDITPREP_FAL_RUN_URL", &FalEndpoints::run_url},
    {"EDITPREP_FAL_QUEUE_URL", &FalEndpoints::queue_url},
    {"EDITPREP_FAL_REST_URL", &FalEndpoints::rest_url},
    {"EDITPREP_FAL_API_URL", &FalEndpoints::api_url},
}};

transport::Url parse_base_url(const char* variable, const std::string& text) {
    try {
        const transport::Url url = transport::parse_url(text);
        if (url.scheme == "http" && !transport::is_loopback_host(url.host)) {
            throw Failure(std::string(variable) + ": the key would travel over plain http to " +
                          url.host + "; use https, http reaches the loopback only");
        }
        if (!url.query.empty()) {
            throw Failure(std::string(variable) + ": a base URL has no query");
        }
        return url;
    } catch (const transport::Error& error) {
        throw Failure(std::string(variable) + ": " + error.what());
    }
}

std::string without_trailing_slashes(std::string text) {
    text.erase(text.find_last_not_of('/') + 1);
    return text;
}

}  // namespace

FalEndpoints fal_endpoints(const Environment& environment) {
    FalEndpoints endpoints;
    for (const auto& [variable, url] : kReplacements) {
        if (const auto text = environment(variable)) {
            endpoints.*url = without_trailing_slashes(parse_base_url(variable, *text).text());
        }
    }
    return endpoints;
}

std::vector<std::string> fal_trusted_hosts(const Environment& environment) {
    std::vector<std::string> hosts;
    for (const auto& [variable, url] : kReplacements) {
        if (const auto text = environment(variable)) {
            std::string host = parse_base_url(variable, *text).host;
            if (std::ranges::find(hosts, host) == hosts.end()) {
                hosts.push_back(std::move(host));
            }
        }
    }
    return hosts;
}

transport::FalKey look_for_fal_key(const std::string& config_path, const Environment& environment,
                                   const Story& story) {
    transport::FalKey key = transport::find_fal_key(config_path, lookup_in(environment));
    for (const std::string& warning : key.warnings) {
        story.warn(warning);
    }
    process_keys().hide(key.key);
    return key;
}

transport::FalKey require_fal_key(const std::string& config_path, const Environment& environment,
                                  const Story& story) {
    transport::FalKey key = look_for_fal_key(config_path, environment, story);
    if (key.key.empty()) {
        throw Failure(
            "no fal key found; set FAL_KEY to the key (https://fal.ai/dashboard/keys), or write it "
            "to integrations.fal.apiKey of the configuration file, or as a line 'FAL_KEY: <key>' "
            "into TOOLS.md in the workspace; edits need none with --provider local");
    }
    return key;
}

}  // namespace editprep::tools
