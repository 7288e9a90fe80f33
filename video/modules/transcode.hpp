#pragma once

#include "conform_engine.hpp"

namespace editprep::video {

/// Carries the job out. Throws what ClipReader, ClipWriter and TrackEncoder throw, and
/// decode_failed when no frame comes out.
[[nodiscard]] TranscodeResult transcode(const TranscodeJob& job);

}  // namespace editprep::video
