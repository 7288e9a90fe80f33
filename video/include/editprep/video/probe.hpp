#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "editprep/video/media_info.hpp"

/// Reading the facts about a clip.
namespace editprep::video {

/// Facts about the video of an MP4, QuickTime, WebM, Matroska, AVI or MPEG-TS file, told by content
/// and not by name. Cover pictures are no video streams. What the container states
/// is read and no frame is decoded, so this takes about a millisecond for any length of clip. Most
/// MP4 and QuickTime files are told by their boxes alone; for all others FFmpeg is loaded, which
/// takes tens of milliseconds once a process. Where the frame size or the frame rate
/// stands in the frames alone (MPEG-TS, MPEG-4 part 2, H.263, some recorders' WebM) the beginning
/// is decoded, which takes some tens.
///
/// Of several videos the one that players show counts: the default one, else the first. Nothing but
/// this file is opened, whatever it names; a hostile one is given up after ten seconds or 64
/// streams (512 in Matroska, where each attached font is one).
///
/// Throws file_not_found, file_unreadable, unsupported_format, damaged_media (also when the
/// container speaks of more than there is, as after a broken download), no_video, too_complex or
/// module_unavailable. MPEG-TS and fragmented MP4 that end between two pieces look whole.
///
/// May run in several threads at once. FFmpeg's log level and its limit on one piece of memory are
/// one for the whole process: while any probe runs they are "quiet" and 40 MB, then the level is
/// what it was before and the limit FFmpeg's own.
[[nodiscard]] MediaInfo probe(const std::filesystem::path& path);

/// The same for a clip in memory.
/// @param name what messages call it
[[nodiscard]] MediaInfo probe(std::span<const std::byte> content, const std::string& name);

/// Where the parts that are loaded on demand (FFmpeg) lie. Unset, they are searched beside the
/// running program (../lib/editprep as installed), then on the loader's own path. Call it before
/// the first probe; not thread-safe.
void set_module_folder(std::string folder);

}  // namespace editprep::video
