#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/http.hpp"
#include "editprep/transport/url.hpp"

/// Keeps requests whose URLs come from strangers away from this machine and its neighbours.
namespace editprep::transport {

/// Whether a numeric address is one of the public internet: not loopback, private, link-local,
/// carrier-grade, unique-local, multicast or reserved (the registries of RFC 6890 as of 2025). IPv6
/// addresses that carry an IPv4 address count as that one (mapped, NAT64) or not at all (6to4,
/// Teredo). False for anything that is no address.
[[nodiscard]] bool is_public_address(std::string_view address);

/// Names that are local by convention: `localhost`, `*.local`, `*.internal`, `*.home.arpa`, ...
[[nodiscard]] bool is_local_name(std::string_view host);

/// How long to wait for a name server.
struct LookUpBounds {
    std::optional<std::chrono::steady_clock::time_point> deadline;
    /// May be null.
    const std::atomic<bool>* cancel = nullptr;
};

/// Numeric addresses of a host, in the order in which they should be tried. Throws
/// connection_failed when there is none or none in time, cancelled when the flag was raised.
[[nodiscard]] std::vector<std::string> look_up(const Url& url, const LookUpBounds& bounds);

/// Throws address_refused, naming the URL, unless every one of its host's addresses is public.
/// Returns them.
[[nodiscard]] std::vector<std::string> public_addresses(const Url& url, const LookUpBounds& bounds);

/// Whether the list (as in NO_PROXY: hosts with their subdomains, addresses, networks like
/// 10.0.0.0/8, `*`; a port may follow) names this URL's host.
[[nodiscard]] bool is_listed_host(const Url& url, std::string_view list);

}  // namespace editprep::transport
