#pragma once

#include <optional>

#include "byte_source.hpp"
#include "editprep/video/media_info.hpp"

namespace editprep::video {

/// The facts about an MP4 or QuickTime file from its boxes alone, without FFmpeg, whose loading
/// costs thirty times as much. Answers only where FFmpeg's module (modules/) is known to give the
/// same: nothing for other containers, for what is damaged, has no video or is otherwise refused
/// there, and for everything that clips rarely hold (see box_walk/).
[[nodiscard]] std::optional<MediaInfo> walk_boxes(ByteSource& source);

}  // namespace editprep::video
