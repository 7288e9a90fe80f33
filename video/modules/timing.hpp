#pragma once

#include <optional>
#include <string_view>

extern "C" {
#include <libavformat/avformat.h>
}

#include "editprep/video/media_info.hpp"

namespace editprep::video {

[[nodiscard]] Durations durations_of(const AVFormatContext& format, const AVStream& video);

/// How the frames of a video follow each other.
struct FramePace {
    std::optional<FrameRate> average{};
    std::optional<FrameRate> nominal{};
    std::optional<bool> variable{};
};

/// @param container as MediaInfo::container
[[nodiscard]] FramePace frame_pace(const AVStream& video, std::string_view container);

}  // namespace editprep::video
