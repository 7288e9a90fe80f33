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

/// Shape of a stored pixel: width through height.
struct PixelAspect {
    int numerator = 1;
    int denominator = 1;
    friend constexpr bool operator==(const PixelAspect&, const PixelAspect&) = default;
};

/// How brightness is coded (ITU-R BT.2100): all but `sdr` is HDR.
enum class DynamicRange { sdr, pq, hlg };

/// The three durations of one clip differ by a frame of sound or of picture. Each is absent when
/// the file does not state it.
struct Durations {
    std::optional<std::chrono::microseconds> container{};
    std::optional<std::chrono::microseconds> video{};
    /// Of the longest sound track.
    std::optional<std::chrono::microseconds> audio{};
};

struct MediaInfo {
    /// By content: `mp4`, `mov`, `webm`, `matroska`, `avi` or `mpegts`.
    std::string container;
    /// The longest that the file states, which is what a server measures; absent for a live
    /// recording.
    std::optional<std::chrono::microseconds> duration;
    Durations durations{};
    /// As the frames are stored.
    FrameSize coded_size;
    /// As a player shows them: pixels made square by stretching the width, then turned upright.
    FrameSize display_size;
    /// Players show the stored frames with left and right exchanged, as front cameras want it; that
    /// comes before the turn.
    bool mirrored = false;
    /// Clockwise turn that makes the stored frames upright: 0, 90, 180 or 270 degrees.
    int rotation_degrees = 0;
    PixelAspect pixel_aspect{};
    /// Average over the clip; absent when the container does not tell.
    std::optional<FrameRate> frame_rate;
    /// The rate that most frames keep, where it can be told.
    std::optional<FrameRate> nominal_frame_rate{};
    /// Frames that last differently long; absent when the container does not tell.
    std::optional<bool> variable_frame_rate{};
    /// FFmpeg's name of the codec: `h264`, `hevc`, `vp9`, `av1`, `prores`, ...
    std::string codec;
    /// FFmpeg's name of the profile, `High 10`; empty when unknown.
    std::string codec_profile{};
    /// Bits of one sample; absent when the header does not tell.
    std::optional<int> bit_depth{};
    /// Absent when the header does not tell.
    std::optional<DynamicRange> dynamic_range{};
    bool has_audio = false;
    /// Of the first sound track; empty when there is none.
    std::string audio_codec{};
    /// Cover pictures are no video streams.
    int video_stream_count = 0;
    int audio_stream_count = 0;
    std::int64_t file_size_bytes = 0;
    /// MP4 and QuickTime: the index (moov) lies before the media, so that playing can begin before
    /// all is there. Absent for other containers.
    std::optional<bool> index_at_front{};
};

}  // namespace editprep::video
