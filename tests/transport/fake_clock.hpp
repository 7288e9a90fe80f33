#pragma once

#include <chrono>
#include <vector>

#include "editprep/transport/retry.hpp"

namespace editprep::testing {

/// A clock on which sleeping takes no time and is written down; its randomness is always the mean.
class FakeClock {
public:
    FakeClock() {
        clock_.now = [this] { return std::chrono::system_clock::time_point(since_epoch_); };
        clock_.steady_now = [this] { return std::chrono::steady_clock::time_point(since_epoch_); };
        clock_.sleep = [this](std::chrono::milliseconds time) {
            pauses_.push_back(time);
            since_epoch_ += time;
            return true;
        };
        clock_.random = [] { return 0.5; };
    }
    FakeClock(const FakeClock&) = delete;
    FakeClock& operator=(const FakeClock&) = delete;

    [[nodiscard]] const transport::Clock& clock() const noexcept { return clock_; }
    [[nodiscard]] const std::vector<std::chrono::milliseconds>& pauses() const noexcept {
        return pauses_;
    }

private:
    std::chrono::milliseconds since_epoch_{1'790'000'000'000};
    std::vector<std::chrono::milliseconds> pauses_;
    transport::Clock clock_;
};

}  // namespace editprep::testing
