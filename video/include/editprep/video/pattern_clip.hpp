#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "editprep/video/media_info.hpp"

/// A clip out of nothing, to try things with.
namespace editprep::video {

struct PatternClip {
    FrameSize size{1280, 720};
    FrameRate frame_rate{24, 1};
    std::chrono::microseconds duration{5'000'000};
    bool with_audio = true;
    /// Another colour and pitch for each.
    std::uint32_t seed = 0;
};

/// Writes a moving pattern with a tone as MP4 (H.264, AAC), whole or not at all; replaces the file.
/// The same values give the same file. Throws invalid_argument for sizes and rates that no encoder
/// takes, write_failed or module_unavailable.
void write_pattern_clip(const std::filesystem::path& output, const PatternClip& clip);

}  // namespace editprep::video
