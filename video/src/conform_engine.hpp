#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "editprep/video/media_info.hpp"
#include "editprep/video/pattern_clip.hpp"
#include "editprep/video/poster.hpp"
#include "media_engine.hpp"

/// What the module on FFmpeg's filters does for the library: it carries out, and decides nothing.
namespace editprep::video {

/// One clip into another.
struct TranscodeJob {
    std::filesystem::path input{};
    /// As MediaInfo::container.
    std::string input_container{};
    /// A file of ours, which is emptied.
    std::filesystem::path output{};
    /// `mp4` or `mov`.
    std::string container = "mp4";

    /// Packets as they are; else the frames are encoded as H.264.
    bool copy_video = false;
    /// Packets as they are; else AAC.
    bool copy_audio = false;

    /// Where in the clip the result begins; 0 when the video is copied.
    std::chrono::microseconds start{0};
    /// Nothing after it is kept; absent for all.
    std::optional<std::chrono::microseconds> length{};
    /// How many packets are copied, in the order of decoding; absent for all.
    std::optional<std::int64_t> video_packets{};
    /// As PacketSurvey.
    std::vector<std::int64_t> decoding_times{};

    // ---- Of encoded video
    /// Of the upright picture; even.
    FrameSize size{};
    /// With black around the picture; at least `size`, even.
    FrameSize canvas{};
    /// Both as MediaInfo.
    bool mirrored = false;
    int rotation_degrees = 0;
    /// Absent: each frame keeps its time.
    std::optional<FrameRate> frame_rate{};
    /// Of the clip; the result is SDR.
    DynamicRange tones = DynamicRange::sdr;
    std::optional<std::int64_t> max_video_bits_per_second{};
    std::int64_t audio_bits_per_second = 192'000;

    /// What `progress` is a fraction of.
    std::chrono::microseconds expected_duration{0};
    /// Throws nothing; false ends the job as `cancel` does.
    std::function<bool(double fraction)> progress{};
    const std::atomic<bool>* cancel = nullptr;
};

struct TranscodeResult {
    /// Packets that could not be decoded.
    std::int64_t damaged_packets = 0;
    /// Something behind the job's length was left out; absent while nothing was done.
    std::optional<bool> cut{};
    /// What has no place in the result.
    int dropped_video_streams = 0;
    int dropped_audio_streams = 0;
    int dropped_subtitle_streams = 0;
    /// Data, attachments, cover pictures.
    int dropped_other_streams = 0;
    int dropped_chapters = 0;
};

/// What copying a clip's packets would give, from their time stamps.
struct PacketSurvey {
    /// Begins with a key frame, and every packet says when it is shown.
    bool video_can_be_copied = false;
    /// The longest beginning that ends by the limit and in which no frame needs a later one.
    std::int64_t video_packets = 0;
    std::chrono::microseconds video_end{0};
    /// That is all of it.
    bool video_is_whole = false;
    /// When each packet is to be decoded, in the stream's time base, where the container does not
    /// say so for all of them; else empty.
    std::vector<std::int64_t> decoding_times{};
};

struct SurveyJob {
    std::filesystem::path input{};
    std::string input_container{};
    std::optional<std::chrono::microseconds> limit{};
    const std::atomic<bool>* cancel = nullptr;
};

/// One frame as a picture.
struct PosterJob {
    std::filesystem::path input{};
    /// As MediaInfo::container.
    std::string input_container{};
    /// As PosterOptions.
    std::optional<std::chrono::microseconds> at{};
    /// Of the upright picture; both at least 1.
    FrameSize size{};
    /// Both as MediaInfo.
    bool mirrored = false;
    int rotation_degrees = 0;
    /// Of the clip; the result is SDR.
    DynamicRange tones = DynamicRange::sdr;
};

inline constexpr const char* kConformModule = "editprep_avfilter";
inline constexpr const char* kTranscodeSymbol = "editprep_transcode_clip";
inline constexpr const char* kSurveySymbol = "editprep_survey_packets";
inline constexpr const char* kPatternSymbol = "editprep_encode_pattern";
inline constexpr const char* kPosterSymbol = "editprep_make_poster";
using TranscodeFunction = std::optional<EngineFailure> (*)(const TranscodeJob& job,
                                                           TranscodeResult& result) noexcept;
using SurveyFunction = std::optional<EngineFailure> (*)(const SurveyJob& job,
                                                        PacketSurvey& survey) noexcept;
using PatternFunction = std::optional<EngineFailure> (*)(const std::filesystem::path& output,
                                                         const PatternClip& clip) noexcept;
using PosterFunction = std::optional<EngineFailure> (*)(const PosterJob& job,
                                                        Poster& poster) noexcept;

}  // namespace editprep::video
