#include "editprep/transport/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <iomanip>
#include <locale>
#include <random>
#include <sstream>
#include <string>
#include <thread>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"

namespace editprep::transport {
namespace {

using std::chrono::milliseconds;

/// How soon a raised flag ends a sleep.
constexpr milliseconds kGlance{50};
/// Beyond what any caller waits for; keeps the arithmetic in range.
constexpr double kMaxDelayMs = 1e12;

bool sleep_unless(const std::atomic<bool>* cancel, milliseconds time) {
    const auto raised = [cancel] {
        return cancel != nullptr && cancel->load(std::memory_order_relaxed);
    };
    const auto end = std::chrono::steady_clock::now() + time;
    while (!raised()) {
        const auto left = end - std::chrono::steady_clock::now();
        if (left <= left.zero()) {
            return true;
        }
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kGlance));
    }
    return false;
}

double random_fraction() {
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

/// A number of units, which may have a fraction; nothing when the text is none.
std::optional<milliseconds> delay_from_number(const std::string& text, double unit_ms) {
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(number) ||
        number < 0) {
        return std::nullopt;
    }
    return milliseconds(std::llround(std::min(number * unit_ms, kMaxDelayMs)));
}

/// The three forms of RFC 9110, section 5.6.7.
std::optional<std::chrono::system_clock::time_point> time_from_date(const std::string& text) {
    constexpr auto kForms = std::to_array<const char*>(
        {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"});
    for (const char* form : kForms) {
        std::istringstream stream(text);
        stream.imbue(std::locale::classic());
        std::tm parts{};
        stream >> std::get_time(&parts, form);
        if (!stream.fail()) {
            return std::chrono::system_clock::from_time_t(::timegm(&parts));
        }
    }
    return std::nullopt;
}

/// One request with its attempts.
class Attempts {
public:
    Attempts(HttpClient& client, const HttpRequest& request, const RetryPolicy& policy,
             const Clock& clock)
        : client_(client), request_(request), policy_(policy), clock_(clock) {
        if (request.sink) {
            request_.sink = [this, &sink = request.sink](std::span<const std::byte> piece) {
                sink_called_ = true;
                sink(piece);
            };
        }
    }

    HttpResponse run() {
        for (int attempt = 0;; ++attempt) {
            const bool last = attempt + 1 >= policy_.attempts;
            try {
                HttpResponse response = client_.send(request_);
                const auto pause = last ? std::nullopt : pause_after(response, attempt);
                if (!pause || !wait("HTTP " + std::to_string(response.status), *pause)) {
                    return response;
                }
            } catch (const Error& error) {
                if (last || !may_repeat(error) ||
                    !wait(error.what(), policy_.backoff.delay(attempt, clock_.random()))) {
                    throw;
                }
            }
        }
    }

private:
    [[nodiscard]] bool may_repeat(const Error& error) const {
        switch (error.errc()) {
            case Errc::connection_failed:
                return !sink_called_;
            case Errc::connection_lost:
            case Errc::timed_out:
                return policy_.idempotent && !sink_called_;
            default:
                return false;
        }
    }

    /// Nothing when the response is the outcome.
    [[nodiscard]] std::optional<milliseconds> pause_after(const HttpResponse& response,
                                                          int attempt) const {
        if (sink_called_ || !policy_.retry_response || !policy_.retry_response(response)) {
            return std::nullopt;
        }
        const auto requested = requested_delay(response, clock_.now());
        if (requested && *requested > policy_.longest_wait) {
            return std::nullopt;
        }
        return requested ? *requested : policy_.backoff.delay(attempt, clock_.random());
    }

    /// False when the wait was cancelled and what the last attempt ended with is the outcome.
    [[nodiscard]] bool wait(const std::string& reason, milliseconds pause) const {
        if (policy_.on_retry) {
            policy_.on_retry(reason, pause);
        }
        const bool waited = clock_.sleep(pause);
        if (!waited && !request_.finish_despite_cancel) {
            const std::string shown = parse_url(request_.url).shown();
            throw Error(Errc::cancelled, "cancelled: " + request_.method + " " + shown, shown);
        }
        return waited;
    }

    HttpClient& client_;
    HttpRequest request_;
    const RetryPolicy& policy_;
    const Clock& clock_;
    bool sink_called_ = false;
};

}  // namespace

Clock system_clock(const std::atomic<bool>* cancel) {
    return {.now = [] { return std::chrono::system_clock::now(); },
            .steady_now = [] { return std::chrono::steady_clock::now(); },
            .sleep = [cancel](milliseconds time) { return sleep_unless(cancel, time); },
            .random = random_fraction};
}

milliseconds Backoff::delay(int attempt, double random) const noexcept {
    const double grown = std::ldexp(static_cast<double>(base.count()), std::max(attempt, 0));
    const double bounded = std::min(grown, static_cast<double>(cap.count()));
    return milliseconds(std::llround(bounded * (0.75 + 0.5 * random)));
}

bool is_transient(const HttpResponse& response) {
    constexpr auto kStatuses = std::to_array({408, 429, 500, 502, 503, 504});
    return std::ranges::find(kStatuses, response.status) != kStatuses.end();
}

std::optional<milliseconds> requested_delay(const HttpResponse& response,
                                            std::chrono::system_clock::time_point now) {
    if (const auto text = response.header("retry-after-ms")) {
        if (const auto delay = delay_from_number(*text, 1)) {
            return delay;
        }
    }
    const auto text = response.header("Retry-After");
    if (!text) {
        return std::nullopt;
    }
    if (const auto delay = delay_from_number(*text, 1000)) {
        return delay;
    }
    const auto time = time_from_date(*text);
    if (!time) {
        return std::nullopt;
    }
    return std::max(std::chrono::ceil<milliseconds>(*time - now), milliseconds::zero());
}

HttpResponse send_with_retries(HttpClient& client, const HttpRequest& request,
                               const RetryPolicy& policy, const Clock& clock) {
    return Attempts(client, request, policy, clock).run();
}

}  // namespace editprep::transport
