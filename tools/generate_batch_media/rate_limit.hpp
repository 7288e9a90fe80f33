#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "editprep/transport/retry.hpp"

/// No more requests a minute than a provider likes.
namespace editprep::tools::generate_batch_media {

struct RateLimit {
    /// Empty for every provider by itself.
    std::string provider;
    double per_minute = 0;
};

/// `30` or `fal=30`. Throws UsageError.
[[nodiscard]] RateLimit parse_rate_limit(const std::string& text);

/// Spreads requests evenly: a bucket for each provider that holds one token and is filled again
/// after a minute's share. A provider that says 429 all the same is obeyed where the request is
/// sent: whoever waits there starts nothing else. Several threads may use it at once.
class RateLimiter {
public:
    /// A limit of a provider goes before the one of all; among equals the last one counts.
    RateLimiter(std::vector<RateLimit> limits, transport::Clock clock);

    /// Takes a token of the provider, and waits for it if need be. False, with the token lost, when
    /// the sleep was cancelled or when it need not wait any longer.
    /// @param still_wanted asked a few times a second
    [[nodiscard]] bool take(const std::string& provider, const std::function<bool()>& still_wanted);

private:
    using Time = std::chrono::steady_clock::time_point;

    [[nodiscard]] std::optional<std::chrono::nanoseconds> pause_of(
        const std::string& provider) const;
    [[nodiscard]] Time reserve(const std::string& provider, std::chrono::nanoseconds pause);

    std::vector<RateLimit> limits_;
    transport::Clock clock_;
    std::mutex mutex_;
    /// When there will be a token again.
    std::map<std::string, Time> next_;
};

}  // namespace editprep::tools::generate_batch_media
