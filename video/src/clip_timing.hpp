#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "editprep/video/media_info.hpp"

/// How the frames of a clip follow each other, and how long it is.
namespace editprep::video {

/// The times from each frame to the next, in units of the track's time base.
class FrameSteps {
public:
    /// `count` frames in a row that last that long; what is not above 0 is no step.
    void add(std::int64_t step, std::int64_t count = 1);

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    /// By more than clocks drift. Must not be empty.
    [[nodiscard]] bool vary() const;
    /// The rate of the step that more than half of the frames take; absent when there is none or
    /// its rate cannot be held. Must not be empty.
    /// @param seconds_numerator, seconds_denominator of one unit
    [[nodiscard]] std::optional<FrameRate> prevailing_rate(std::int64_t seconds_numerator,
                                                           std::int64_t seconds_denominator) const;

private:
    struct Run {
        std::int64_t step;
        std::int64_t count;
    };
    /// Sorted by step.
    [[nodiscard]] std::vector<Run> sorted_runs() const;
    [[nodiscard]] std::int64_t middle_of(const std::vector<Run>& sorted) const;

    std::vector<Run> runs_{};
    std::int64_t count_ = 0;
};

/// In lowest terms; absent when it is not above 0 or its terms do not fit.
[[nodiscard]] std::optional<FrameRate> exact_rate(std::int64_t numerator, std::int64_t denominator);

[[nodiscard]] std::optional<std::chrono::microseconds> longest_of(const Durations& durations);

}  // namespace editprep::video
