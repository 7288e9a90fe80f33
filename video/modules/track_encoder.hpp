#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "av_handles.hpp"
#include "clip_writer.hpp"

namespace editprep::video {

struct VideoQuality {
    /// x264's name for its effort: `ultrafast` ... `medium`.
    const char* preset = "fast";
    /// x264's constant quality, 0 (lossless) to 51; from 18 on differences begin to be seen.
    int constant_rate_factor = 18;
    /// The mean over any few seconds is not above it.
    std::optional<std::int64_t> max_bits_per_second{};
    /// The same bytes whatever machine it is.
    bool reproducible = false;
};

struct FramePace {
    /// Of most frames, at least roughly.
    AVRational rate{25, 1};
    /// Else each frame says how long it lasts.
    bool constant = true;
};

/// Frames in, packets of one track out.
class TrackEncoder {
public:
    /// H.264 for frames like this one; tells the writer about its track.
    static TrackEncoder video(ClipWriter& writer, std::size_t track, const AVFrame& like,
                              AVRational time_base, FramePace pace, const VideoQuality& quality);
    /// AAC of up to eight channels.
    static TrackEncoder audio(ClipWriter& writer, std::size_t track, int sample_rate,
                              const AVChannelLayout& channels, std::int64_t bits_per_second,
                              bool reproducible = false);

    /// With null, gets out what is still inside.
    void encode(AVFrame* frame);

    /// What frames of sound must be cut into.
    [[nodiscard]] int frame_size() const noexcept { return codec_->frame_size; }
    /// Where the last frame that went in ends, in seconds.
    [[nodiscard]] double end_seconds() const noexcept { return end_seconds_; }

private:
    TrackEncoder(ClipWriter& writer, std::size_t track, Codec codec);

    void open(AVDictionary* options);

    ClipWriter* writer_;
    std::size_t track_;
    Codec codec_;
    // By time stamp, of frames that are inside; empty where all last equally long.
    std::map<std::int64_t, std::int64_t> durations_{};
    std::int64_t constant_duration_ = 0;
    double end_seconds_ = 0;
};

}  // namespace editprep::video
