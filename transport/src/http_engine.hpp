#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/http.hpp"

/// What HttpClient asks of the library that speaks HTTP, in terms of this project: one request, one
/// response. Redirects, keys, retries and address rules are not its business. Failures come back as
/// values, because the engine lives in a module of its own.
namespace editprep::transport {

/// Takes the response. What its functions throw leaves HttpEngine::exchange unchanged.
class ExchangeReceiver {
public:
    /// False ends the exchange with ExchangeFailure::stopped.
    virtual bool take_head(int status, std::vector<Header> headers) = 0;
    virtual bool take_body(std::span<const std::byte> piece) = 0;
    /// Called a few times a second; expected_bytes is left to the receiver.
    virtual void show_progress(const Progress& progress) = 0;
    /// The cancel flag was raised, and Exchange::finish_once_started keeps the exchange going; at
    /// most once.
    virtual void note_deferred_cancel() = 0;

protected:
    ~ExchangeReceiver() = default;
};

struct Exchange {
    std::string method;
    std::string url;
    /// With the key and the user agent; names and values are clean.
    std::vector<Header> headers;
    /// At its beginning; may be null.
    BodySource* body = nullptr;
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
    /// By the receiver.
    stopped,
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
    /// In the library's words; may be empty.
    std::string reason;
};

class HttpEngine {
public:
    virtual ~HttpEngine() = default;
    [[nodiscard]] virtual ExchangeResult exchange(const Exchange& exchange,
                                                  ExchangeReceiver& receiver) = 0;
};

/// What the module editprep_curl exports under this name; null when libcurl cannot be started.
inline constexpr const char* kHttpEngineSymbol = "editprep_new_http_engine";
using NewHttpEngine = HttpEngine*();

}  // namespace editprep::transport
