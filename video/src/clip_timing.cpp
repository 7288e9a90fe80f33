#include "clip_timing.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace editprep::video {
namespace {

// Of a frame's time: what a recorder's clock drifts within a clip.
constexpr double kSteadiness = 0.02;

}  // namespace

void FrameSteps::add(std::int64_t step, std::int64_t count) {
    if (step <= 0 || count <= 0) {
        return;
    }
    count_ += count;
    if (!runs_.empty() && runs_.back().step == step) {
        runs_.back().count += count;
    } else {
        runs_.push_back({step, count});
    }
}

std::vector<FrameSteps::Run> FrameSteps::sorted_runs() const {
    std::vector<Run> sorted = runs_;
    std::ranges::sort(sorted, {}, &Run::step);
    return sorted;
}

std::int64_t FrameSteps::middle_of(const std::vector<Run>& sorted) const {
    std::int64_t behind = count_ / 2;
    for (const Run& run : sorted) {
        if (behind < run.count) {
            return run.step;
        }
        behind -= run.count;
    }
    return sorted.back().step;
}

bool FrameSteps::vary() const {
    const std::vector<Run> sorted = sorted_runs();
    const std::int64_t spread = sorted.back().step - sorted.front().step;
    // One unit is the rounding of a rate that the time base does not divide.
    return spread > 1 &&
           static_cast<double>(spread) > kSteadiness * static_cast<double>(middle_of(sorted));
}

std::optional<FrameRate> FrameSteps::prevailing_rate(std::int64_t seconds_numerator,
                                                     std::int64_t seconds_denominator) const {
    // A step that more than half take stands in the middle.
    const std::vector<Run> sorted = sorted_runs();
    const std::int64_t middle = middle_of(sorted);
    std::int64_t alike = 0;
    for (const Run& run : sorted) {
        alike += run.step == middle ? run.count : 0;
    }
    std::int64_t step_seconds = 0;
    if (2 * alike <= count_ || __builtin_mul_overflow(seconds_numerator, middle, &step_seconds)) {
        return std::nullopt;
    }
    return exact_rate(seconds_denominator, step_seconds);
}

std::optional<FrameRate> exact_rate(std::int64_t numerator, std::int64_t denominator) {
    if (numerator <= 0 || denominator <= 0) {
        return std::nullopt;
    }
    const std::int64_t divisor = std::gcd(numerator, denominator);
    constexpr std::int64_t kMost = std::numeric_limits<int>::max();
    if (numerator / divisor > kMost || denominator / divisor > kMost) {
        return std::nullopt;
    }
    return FrameRate{static_cast<int>(numerator / divisor),
                     static_cast<int>(denominator / divisor)};
}

std::optional<std::chrono::microseconds> longest_of(const Durations& durations) {
    // What is absent counts as less than everything.
    return std::max({durations.container, durations.video, durations.audio});
}

}  // namespace editprep::video
