#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conform_engine.hpp"
#include "editprep/video/conform.hpp"

/// What has to change about a clip, decided from its facts alone.
namespace editprep::video {

struct ConformPlan {
    /// The clip fits: its bytes are copied. Nothing below counts then.
    bool as_it_is = false;
    /// `mp4` or `mov`.
    std::string container{};
    bool encode_video = false;
    bool encode_audio = false;
    /// The clip has more bytes than the limit.
    bool too_large = false;
    std::chrono::microseconds start{0};
    /// Nothing after it is kept; absent for all.
    std::optional<std::chrono::microseconds> length{};

    // ---- Of encoded video
    /// Of the upright picture.
    FrameSize size{};
    /// With black bars; else `size`.
    FrameSize canvas{};
    /// Absent: each frame keeps its time.
    std::optional<FrameRate> frame_rate{};
    DynamicRange tones = DynamicRange::sdr;
    /// The file would be too large otherwise.
    std::optional<std::int64_t> max_video_bits_per_second{};
    std::int64_t audio_bits_per_second = 192'000;
};

/// What earlier attempts taught.
struct Lessons {
    /// Copied packets do not do.
    bool must_encode = false;
    /// By so much the result was too long.
    std::chrono::microseconds shorter{0};
    /// Of the bitrate that the limit on bytes allows.
    double bitrate_share = 0.95;
};

/// Throws cannot_conform or invalid_argument.
[[nodiscard]] ConformPlan make_plan(const MediaInfo& clip, const ClipLimits& limits,
                                    const ConformOptions& options,
                                    const std::filesystem::path& output,
                                    const Lessons& lessons = {});

/// What the plan makes of the clip, as far as it can be foretold: the file's size cannot.
[[nodiscard]] MediaInfo foretold(const MediaInfo& clip, const ConformPlan& plan);

/// The changes in words.
[[nodiscard]] std::vector<Change> describe_changes(const MediaInfo& before, const MediaInfo& after,
                                                   const ConformPlan& plan,
                                                   const TranscodeResult& result);

}  // namespace editprep::video
