#pragma once

#include <string>
#include <vector>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/provider_config.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"

/// Where fal is and with which key.
namespace editprep::tools {

/// fal's own hosts, or those of EDITPREP_FAL_RUN_URL, EDITPREP_FAL_QUEUE_URL, EDITPREP_FAL_REST_URL
/// and EDITPREP_FAL_API_URL. Throws Failure for plain http to anything but the loopback.
[[nodiscard]] transport::FalEndpoints fal_endpoints(const Environment& environment);

/// The hosts of replaced endpoints, which results may come from whatever their address.
[[nodiscard]] std::vector<std::string> fal_trusted_hosts(const Environment& environment);

/// The key is empty when there is none. What was skipped on the way goes to the story;
/// process_keys() hides the key from then on.
/// @param config_path empty for the default
[[nodiscard]] transport::FalKey look_for_fal_key(const std::string& config_path,
                                                 const Environment& environment,
                                                 const Story& story);

/// The same; throws Failure with the ways to set a key when there is none.
[[nodiscard]] transport::FalKey require_fal_key(const std::string& config_path,
                                                const Environment& environment, const Story& story);

}  // namespace editprep::tools
