#pragma once

#include <filesystem>

#include "editprep/video/pattern_clip.hpp"

namespace editprep::video {

/// Encodes the pattern into a file of ours. Throws write_failed, cannot_conform.
void encode_pattern(const std::filesystem::path& output, const PatternClip& clip);

}  // namespace editprep::video
