#pragma once

#include <atomic>
#include <string>

#include "editprep/transport/http.hpp"
#include "editprep/transport/provider_config.hpp"
#include "editprep/transport/retry.hpp"
#include "tools/shared/context.hpp"

/// The process's way to the network: settings from the environment, signals as cancellation.
namespace editprep::tools {

/// Raised by SIGINT, SIGTERM and SIGHUP once this was called for the first time; a second signal
/// ends the process as usual, unless it comes in the same moment (timeout(1) sends two).
[[nodiscard]] const std::atomic<bool>& interruption();

/// Proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY in either case), certificates
/// (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE) and this program's name and version.
[[nodiscard]] transport::HttpSettings network_settings(const Environment& environment);

/// Of a request that is finished although interruption() was raised while it was under way.
void tell_of_deferred_interruption(const Sink& err);

/// A client and a clock that obey interruption().
struct Network {
    explicit Network(const Environment& environment);

    transport::HttpClient http;
    transport::Clock clock;
};

/// The environment as transport takes it.
[[nodiscard]] transport::EnvironmentLookup lookup_in(const Environment& environment);

}  // namespace editprep::tools
