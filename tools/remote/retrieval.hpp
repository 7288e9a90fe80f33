#pragma once

#include <string>

#include "editprep/transport/media_retrieval.hpp"
#include "editprep/transport/provider_config.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/context.hpp"

/// How the media of a paid answer are fetched, now or later.
namespace editprep::tools {

/// The entry of that name. Throws transport::Error as ProviderConfig does; process_keys() hides the
/// key from then on.
/// @param config_path --config; empty for $OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json
[[nodiscard]] transport::ProviderEntry configured_entry(const std::string& name,
                                                        const std::string& config_path,
                                                        const Environment& environment);

/// Name and progress are left to the caller.
[[nodiscard]] transport::RetrievalOptions fal_retrieval(const Environment& environment);
/// With the key for the provider's own origin.
[[nodiscard]] transport::RetrievalOptions provider_retrieval(const transport::ProviderEntry& entry);

/// The network's client, or one that obeys the entry's `allowInsecure`.
[[nodiscard]] transport::HttpClient client_for(const transport::ProviderEntry& entry,
                                               const Network& network);

/// save_media, but absolute URLs of the origin that the key is for are tried without it first: they
/// mostly carry a signature of their own.
[[nodiscard]] transport::SavedMedia save_result(const transport::MediaReference& reference,
                                                const transport::RetrievalOptions& options,
                                                transport::HttpClient& http,
                                                const transport::Clock& clock);

}  // namespace editprep::tools
