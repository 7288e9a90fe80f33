#pragma once

extern "C" {
#include <libavformat/avformat.h>
}

/// One rule for all who open a clip: what is judged is what is converted.
namespace editprep::video {

/// A cover picture, also one for each chapter, is a video stream to FFmpeg and to nobody else.
[[nodiscard]] bool is_video(const AVStream& stream) noexcept;

/// The video stream that players show: the first that is marked as default, else the first. Null
/// when there is none.
[[nodiscard]] AVStream* shown_video(const AVFormatContext& format) noexcept;

}  // namespace editprep::video
