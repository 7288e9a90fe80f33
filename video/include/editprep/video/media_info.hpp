#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// MediaInfo: the facts about a clip that models set limits on.
namespace editprep::video {

/// Width and height in pixels.
struct FrameSize {
    int width = 0;
    int height = 0;
    friend constexpr bool operator==(const FrameSize&, const FrameSize&) = default;
};

/// Frames a second, exactly: 30000/1001 is not 29.97.
struct FrameRate {
    int numerator = 0;
    int denominator = 1;

    [[nodiscard]] constexpr double per_second() const noexcept {
        return static_cast<double>(numerator) / denominator;
    }
    friend constexpr bool operator==(const FrameRate&, const FrameRate&) = default;
};

struct MediaInfo {
    /// `mp4`, `mov`, `webm`, `matroska` or `avi`.
    std::string container;
    /// As the container states it; nothing when it does not (a live recording).
    std::optional<std::chrono::microseconds> duration;
    /// As the frames are stored.
    FrameSize coded_size;
    /// As a player shows them: pixels made square by stretching the width, then turned upright.
    FrameSize display_size;
    /// Clockwise turn that makes the stored frames upright: 0, 90, 180 or 270 degrees.
    int rotation_degrees = 0;
    /// Average over the clip; nothing when the container does not tell.
    std::optional<FrameRate> frame_rate;
    /// FFmpeg's name of the codec: `h264`, `hevc`, `vp9`, `av1`, ...
    std::string codec;
    bool has_audio = false;
    std::int64_t file_size_bytes = 0;
};

}  // namespace editprep::video
