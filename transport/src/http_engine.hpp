#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "editprep/transport/http.hpp"

/// What HttpClient asks of the library that speaks HTTP, in terms of this project: one request, one
/// response. Redirects, keys, retries and address rules are not its business. The engine lives in a
/// module, which may have a C++ runtime of its own: nothing is thrown across, in either direction,
/// and what one side allocates the other does not free.
namespace editprep::transport {

/// The caller's side of an exchange: gives the request's body and takes the response.
class ExchangePartner {
public:
    /// Fills the front of `buffer` and returns how many bytes; 0 ends the exchange, so it is right
    /// only where the buffer is empty.
    virtual std::size_t read_body(std::span<std::byte> buffer) noexcept = 0;
    /// The following functions return false to end the exchange with ExchangeFailure::stopped.
    virtual bool rewind_body() noexcept = 0;
    virtual bool take_head(int status, std::span<const Header> headers) noexcept = 0;
    virtual bool take_body(std::span<const std::byte> piece) noexcept = 0;
    /// Called a few times a second; expected_bytes is left to the partner.
    virtual bool show_progress(const Progress& progress) noexcept = 0;
    /// The cancel flag was raised, and Exchange::finish_once_started keeps the exchange going; at
    /// most once.
    virtual bool note_deferred_cancel() noexcept = 0;

protected:
    ~ExchangePartner() = default;
};

struct Exchange {
    std::string method;
    std::string url;
    /// With the key and the user agent; names and values are clean.
    std::vector<Header> headers;
    /// Exact; absent where the request has no body.
    std::optional<std::uint64_t> body_bytes;
    /// `address:port` (an IPv6 address in brackets) that the connection goes to; empty: the URL's
    /// host is looked up.
    std::string connect_to;
    /// Empty: a direct connection.
    std::string proxy;
    std::string ca_bundle;
    bool fresh_connection = false;
    /// Zero means no bound.
    std::chrono::milliseconds connect{};
    std::chrono::milliseconds stall{};
    std::optional<std::chrono::steady_clock::time_point> deadline;
    /// May be null.
    const std::atomic<bool>* cancel = nullptr;
    /// The flag ends connecting only.
    bool finish_once_started = false;
};

enum class ExchangeFailure {
    none,
    /// By the partner.
    stopped,
    out_of_memory,
    cancelled,
    host_not_found,
    proxy_not_found,
    proxy_refused,
    no_connection,
    tls,
    /// The server's certificate is not trusted.
    certificate,
    /// The file of trusted certificates cannot be used.
    ca_bundle,
    /// Exchange::connect passed.
    connect_timeout,
    /// Exchange::stall passed.
    stalled,
    /// Exchange::deadline passed.
    too_slow,
    /// The connection broke, or the body ended before its announced length.
    broken,
    /// More than 64 KiB of headers.
    head_too_large,
    /// What arrived is not HTTP.
    malformed,
};

struct ExchangeResult {
    ExchangeFailure failure = ExchangeFailure::none;
    /// Bytes of the request went out.
    bool request_sent = false;
    /// In the library's words, ended by a zero; may be empty.
    std::array<char, 256> reason{};
};

class HttpEngine {
public:
    virtual ~HttpEngine() = default;
    [[nodiscard]] virtual ExchangeResult exchange(const Exchange& exchange,
                                                  ExchangePartner& partner) noexcept = 0;
};

/// What the module editprep_curl exports under this name; null when libcurl cannot be started.
inline constexpr const char* kHttpEngineSymbol = "editprep_new_http_engine";
using NewHttpEngine = HttpEngine*() noexcept;

}  // namespace editprep::transport
