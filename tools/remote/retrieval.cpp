#include "tools/remote/retrieval.hpp"

#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/key_guard.hpp"

namespace editprep::tools {
namespace {

bool goes_to_own_origin(const transport::MediaReference& reference,
                        const transport::RetrievalOptions& options) {
    return options.credential && reference.kind == transport::MediaReference::Kind::url &&
           transport::same_origin(transport::parse_url(reference.value),
                                  transport::parse_url(options.credential_origin));
}

}  // namespace

transport::ProviderEntry configured_entry(const std::string& name, const std::string& config_path,
                                          const Environment& environment) {
    const transport::EnvironmentLookup lookup = lookup_in(environment);
    const std::string path =
        !config_path.empty() ? config_path
                             : environment("OPENCLAW_CONFIG").value_or("~/.openclaw/openclaw.json");
    transport::ProviderEntry entry =
        transport::ProviderConfig::load(path, lookup).choose(name, lookup);
    process_keys().hide(entry.api_key);
    return entry;
}

transport::RetrievalOptions fal_retrieval(const Environment& environment) {
    transport::RetrievalOptions options;
    options.reach.trusted_hosts = fal_trusted_hosts(environment);
    return options;
}

transport::RetrievalOptions provider_retrieval(const transport::ProviderEntry& entry) {
    transport::RetrievalOptions options;
    options.origin = entry.base_url;
    options.reach.trusted_hosts = {transport::parse_url(entry.base_url).host};
    options.credential = transport::Credential{.prefix = "Bearer ", .key = entry.api_key};
    options.credential_origin = entry.base_url;
    return options;
}

transport::HttpClient client_for(const transport::ProviderEntry& entry, const Network& network) {
    transport::HttpSettings settings = network.http.settings();
    settings.allow_insecure = settings.allow_insecure || entry.allow_insecure;
    return transport::HttpClient(std::move(settings));
}

transport::SavedMedia save_result(const transport::MediaReference& reference,
                                  const transport::RetrievalOptions& options,
                                  transport::HttpClient& http, const transport::Clock& clock) {
    if (goes_to_own_origin(reference, options)) {
        transport::RetrievalOptions without_key = options;
        without_key.credential.reset();
        try {
            return transport::save_media(reference, without_key, http, clock);
        } catch (const transport::Error& error) {
            if (error.errc() != transport::Errc::http_status) {
                throw;
            }
        }
    }
    return transport::save_media(reference, options, http, clock);
}

}  // namespace editprep::tools
