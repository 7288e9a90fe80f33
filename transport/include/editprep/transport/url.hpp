#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Absolute http and https URLs (RFC 3986), as far as a client must look into them.
namespace editprep::transport {

struct Url {
    /// `http` or `https`.
    std::string scheme;
    /// Lower case; an IPv6 address without its brackets.
    std::string host;
    std::uint16_t port = 0;
    /// From the first slash up to `?` or `#`, as written; `/` where the URL has none.
    std::string path;
    /// Without its question mark, byte for byte as written: it may be signed.
    std::string query;

    /// `scheme://host[:port]`, the port only where it is not the scheme's own.
    [[nodiscard]] std::string origin() const;
    /// Origin, path and query.
    [[nodiscard]] std::string text() const;
    /// Origin and path: what may be shown, for a query may hold a signature.
    [[nodiscard]] std::string shown() const;
};

/// Throws invalid_url for anything but an absolute http or https URL with a host: other schemes,
/// user names, blanks, control characters and backslashes are refused. The message shows no query.
[[nodiscard]] Url parse_url(std::string_view text);

/// The reference of a redirect (absolute, `//host/...`, `/path` or relative) against its base.
[[nodiscard]] Url resolve_url(const Url& base, std::string_view reference);

[[nodiscard]] bool same_origin(const Url& a, const Url& b) noexcept;

/// `localhost`, `*.localhost`, 127.0.0.0/8 and ::1, judged by the text alone.
[[nodiscard]] bool is_loopback_host(std::string_view host) noexcept;

/// Everything but the unreserved characters as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace editprep::transport
