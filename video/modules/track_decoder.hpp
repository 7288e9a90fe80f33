#pragma once

#include <cstdint>

#include "av_handles.hpp"

namespace editprep::video {

struct DecoderLimits {
    /// 0 for as many as there are processors.
    int threads = 0;
    /// Of a frame. 16384x8192: what a hostile header may make a decoder take memory for.
    std::int64_t max_pixels = std::int64_t{1} << 27;
};

/// Packets of one track in, frames out. Damaged packets are skipped and counted.
class TrackDecoder {
public:
    /// Throws decode_failed when FFmpeg has no decoder for it.
    explicit TrackDecoder(const AVStream& stream, const DecoderLimits& limits = {});

    /// With null, there are no more.
    void send(const AVPacket* packet);
    /// The next frame; null when a packet must go in first, or when there will be none. Its time
    /// stamp is the best that is known.
    [[nodiscard]] Frame receive();

    [[nodiscard]] std::int64_t damaged_packets() const noexcept { return damaged_; }
    [[nodiscard]] std::int64_t frames() const noexcept { return frames_; }

private:
    Codec codec_;
    std::int64_t damaged_ = 0;
    std::int64_t frames_ = 0;
};

}  // namespace editprep::video
