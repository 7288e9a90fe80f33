#pragma once

#include <filesystem>

#include "editprep/video/media_info.hpp"

/// Reading the facts about a clip.
namespace editprep::video {

/// Facts about the first video stream of an MP4, QuickTime, WebM, Matroska or AVI file, told by
/// content and not by name. Cover pictures are no video streams. What the container states is read
/// and no frame is decoded, so this takes about a millisecond for any length of clip; old codecs
/// whose frame size stands in the frames alone (MPEG-4 part 2, H.263) take some tens.
///
/// Throws file_not_found, file_unreadable, unsupported_format, damaged_media (also when the index
/// points beyond the end of the file, as after a broken download) or no_video.
///
/// May run in several threads at once. FFmpeg's log level is one for the whole process; it is
/// "quiet" while any probe runs and then what it was before.
[[nodiscard]] MediaInfo probe(const std::filesystem::path& path);

}  // namespace editprep::video
