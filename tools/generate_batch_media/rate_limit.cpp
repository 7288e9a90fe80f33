#include "tools/generate_batch_media/rate_limit.hpp"

#include <algorithm>
#include <utility>

#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// One request in ten years: slower ones are typing mistakes, and faster ones than a million a
/// minute no limit. Both ends keep the arithmetic of times far from overflowing.
constexpr double kSlowest = 2e-7;
constexpr double kFastest = 1e6;

/// How soon a wait notices that it is not wanted any more.
constexpr std::chrono::milliseconds kLongestSleep{200};

}  // namespace

RateLimit parse_rate_limit(const std::string& text) {
    const std::size_t sign = text.rfind('=');
    const std::string number = sign == std::string::npos ? text : text.substr(sign + 1);
    const auto per_minute = parse_number(number);
    if (sign == 0 || !per_minute || *per_minute < kSlowest || *per_minute > kFastest) {
        throw UsageError("argument --rate-limit: invalid limit: '" + text +
                         "' (items a minute: 30, or fal=30 for one provider)");
    }
    return {sign == std::string::npos ? std::string() : text.substr(0, sign), *per_minute};
}

RateLimiter::RateLimiter(std::vector<RateLimit> limits, transport::Clock clock)
    : limits_(std::move(limits)), clock_(std::move(clock)) {
    // So that the first one that fits is the one that counts.
    std::ranges::reverse(limits_);
    std::ranges::stable_partition(limits_,
                                  [](const RateLimit& limit) { return !limit.provider.empty(); });
}

bool RateLimiter::take(const std::string& provider, const std::function<bool()>& still_wanted) {
    const auto pause = pause_of(provider);
    if (!pause) {
        return true;
    }
    const Time turn = reserve(provider, *pause);
    for (Time now = clock_.steady_now(); now < turn; now = clock_.steady_now()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(turn - now);
        if (!still_wanted() || !clock_.sleep(std::min(left, kLongestSleep))) {
            return false;
        }
    }
    return true;
}

std::optional<std::chrono::nanoseconds> RateLimiter::pause_of(const std::string& provider) const {
    const auto limit = std::ranges::find_if(limits_, [&](const RateLimit& given) {
        return given.provider.empty() || given.provider == provider;
    });
    if (limit == limits_.end()) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(60.0 / limit->per_minute));
}

RateLimiter::Time RateLimiter::reserve(const std::string& provider,
                                       std::chrono::nanoseconds pause) {
    const std::scoped_lock lock(mutex_);
    const Time now = clock_.steady_now();
    const Time turn = std::max(next_.try_emplace(provider, now).first->second, now);
    next_[provider] = turn + pause;
    return turn;
}

}  // namespace editprep::tools::generate_batch_media
