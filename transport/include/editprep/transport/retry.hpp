#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "editprep/transport/http.hpp"

/// When to try again, and when never to. Time is injected, so that tests do not wait.
namespace editprep::transport {

/// The time of day is for Retry-After dates and stored times, the steady time for budgets.
struct Clock {
    std::function<std::chrono::system_clock::time_point()> now;
    std::function<std::chrono::steady_clock::time_point()> steady_now;
    /// Returns early, and false, when the wait was cancelled.
    std::function<bool(std::chrono::milliseconds)> sleep;
    /// A number in [0, 1), for jitter.
    std::function<double()> random;
};

/// The machine's own; `cancel` (may be null) ends a sleep within a tenth of a second.
[[nodiscard]] Clock system_clock(const std::atomic<bool>* cancel);

/// Delays grow by the factor 2 from `base` to `cap`, each varied by a quarter up or down.
struct Backoff {
    std::chrono::milliseconds base{1'000};
    std::chrono::milliseconds cap{30'000};

    /// @param attempt 0 for the pause after the first attempt
    [[nodiscard]] std::chrono::milliseconds delay(int attempt, double random) const noexcept;
};

struct RetryPolicy {
    /// All attempts together; 1 = no retry.
    int attempts = 4;
    Backoff backoff{};
    /// A `Retry-After` beyond this is not waited for: the response is the outcome.
    std::chrono::milliseconds longest_wait{120'000};
    /// Repeating does no harm: also after connections that broke and servers that went silent. For
    /// anything else only a connection that never came about is tried again, and what
    /// `retry_response` says cannot have been accepted.
    bool idempotent = true;
    /// Which responses are worth another attempt.
    std::function<bool(const HttpResponse&)> retry_response{};
    /// Told before each pause: why, and how long.
    std::function<void(const std::string& reason, std::chrono::milliseconds delay)> on_retry{};
};

/// 408, 429, 500, 502, 503, 504: for requests that may be repeated.
[[nodiscard]] bool is_transient(const HttpResponse& response);

/// The pause that the server asks for by `retry-after-ms` or `Retry-After` (seconds or a date).
[[nodiscard]] std::optional<std::chrono::milliseconds> requested_delay(
    const HttpResponse& response, std::chrono::system_clock::time_point now);

/// The last attempt's response, or its error. Bodies are rewound for every attempt; a request with
/// a sink is not repeated once the sink was called. A cancelled pause ends with Errc::cancelled,
/// but for a request with finish_despite_cancel with what the attempt before it came to.
[[nodiscard]] HttpResponse send_with_retries(HttpClient& client, const HttpRequest& request,
                                             const RetryPolicy& policy, const Clock& clock);

}  // namespace editprep::transport
