#pragma once

#include <optional>
#include <string>

extern "C" {
#include <libavcodec/codec_par.h>
}

#include "editprep/video/media_info.hpp"

namespace editprep::video {

/// What a codec's own header tells of its frames, without one of them.
struct CodecFacts {
    /// FFmpeg's name; empty when unknown.
    std::string profile{};
    std::optional<int> bit_depth{};
    std::optional<DynamicRange> dynamic_range{};
    /// Of the stored pixels, where the codec tells.
    std::optional<PixelAspect> pixel_aspect{};
};

[[nodiscard]] CodecFacts codec_facts(const AVCodecParameters& parameters);

}  // namespace editprep::video
