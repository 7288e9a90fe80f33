#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/secret.hpp"

/// HTTP as this project needs it: requests and responses are values, every wait and every size has
/// a bound, a key goes to one origin only. HTTP/2 is used where a server offers it over TLS.
namespace editprep::transport {

struct Header {
    std::string name;
    std::string value;
};

/// Zero means no bound.
struct Timeouts {
    /// Name look-up, connection and TLS handshake together.
    std::chrono::milliseconds connect{30'000};
    /// No byte in either direction for so long.
    std::chrono::milliseconds stall{60'000};
    /// The whole request with its redirects.
    std::chrono::milliseconds total{0};
};

/// A key in its header, for example `Authorization: Bearer <key>`. It is sent to the origin of the
/// request's own URL and never follows a redirect to another one.
struct Credential {
    std::string header = "Authorization";
    /// What stands before the key, with its blank: `Key `, `Bearer `.
    std::string prefix{};
    Secret key{};
};

/// Which addresses a request and its redirects may reach. Every address of a host is checked, and
/// the connection goes to the checked one.
struct Reach {
    /// Also loopback, private, link-local, carrier-grade, unique-local and reserved addresses, and
    /// names like `*.local` and `*.internal`.
    bool any_address = false;
    /// Hosts that are trusted by name, whatever their address: those of the provider's base URL.
    std::vector<std::string> trusted_hosts{};
    /// A URL that names the loopback itself (127.0.0.1, ::1, localhost), unless a server elsewhere
    /// redirected to it.
    bool loopback_by_name = false;
};

struct Progress {
    std::uint64_t sent_bytes = 0;
    std::uint64_t received_bytes = 0;
    /// What the server announced, once known.
    std::optional<std::uint64_t> expected_bytes{};
};

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<Header> headers{};
    std::optional<Credential> credential{};
    Body body{};
    Timeouts timeouts{};
    Reach reach{.any_address = true};
    std::uint64_t max_response_bytes = 16 << 20;
    /// 0: a redirect is the response. GET follows every kind; POST becomes GET after 301, 302 and
    /// 303, and is sent again after 307 and 308 to the same origin only. From https to http never.
    int max_redirects = 0;
    /// Takes the body of a response below 400 piece by piece; the response's own body stays empty.
    std::function<void(std::span<const std::byte>)> sink{};
    /// Called a few times a second.
    std::function<void(const Progress&)> progress{};
    /// The request must not reach the server twice: no connection is reused for it, because a
    /// client cannot tell whether a request on a connection that the server just closed was read.
    bool send_once = false;
    /// The answer is paid for: from the moment the request is handed to the connection until the
    /// last redirect of it, a raised HttpSettings::cancel ends nothing any more, and the time-outs
    /// alone bound the wait. Raised before, it ends the request with Errc::cancelled_unsent.
    bool finish_despite_cancel = false;
    /// Told once, when the flag is raised and the request goes on.
    std::function<void()> cancel_deferred{};
};

struct HttpResponse {
    int status = 0;
    std::vector<Header> headers{};
    std::string body{};
    /// After redirects.
    std::string url{};

    [[nodiscard]] bool ok() const noexcept { return status >= 200 && status < 400; }
    /// The first header of that name in any letter case; nothing when there is none.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

/// What a process knows of its network. Nothing is read from the environment, and never .netrc.
struct HttpSettings {
    std::string user_agent{};
    /// Proxy URLs for http and https targets; empty for none.
    std::string http_proxy{};
    std::string https_proxy{};
    /// Hosts that are reached without a proxy, as in NO_PROXY.
    std::string no_proxy{};
    /// A file of certificates in the place of the system's.
    std::string ca_bundle{};
    /// Keys may go over plain http to hosts other than the loopback.
    bool allow_insecure = false;
    /// Ends every wait within a second when raised (but see HttpRequest::finish_despite_cancel);
    /// may be null. Must outlive the client.
    const std::atomic<bool>* cancel = nullptr;
};

/// Where the parts that are loaded on demand (libcurl, SQLite) lie. Unset, they are searched beside
/// the running program (../lib/editprep as installed), then on the loader's own path. Call it
/// before the first request and the first look at the jobs; not thread-safe.
void set_module_folder(std::string folder);

class HttpEngine;

/// Keeps connections open between requests. One client belongs to one thread at a time.
class HttpClient {
public:
    explicit HttpClient(HttpSettings settings);
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;

    /// One request with its redirects, without retries; any status is a response. Throws Error:
    /// connection_failed, tls_failed or cancelled_unsent when nothing was sent; connection_lost,
    /// timed_out, too_large, invalid_response or cancelled otherwise (see may_have_been_received);
    /// invalid_url, insecure_url or address_refused before anything is sent. Messages show no query
    /// and no key.
    [[nodiscard]] HttpResponse send(const HttpRequest& request);

    [[nodiscard]] const HttpSettings& settings() const noexcept { return settings_; }

private:
    HttpSettings settings_;
    /// Opened by the first request.
    std::unique_ptr<HttpEngine> engine_;
};

}  // namespace editprep::transport
