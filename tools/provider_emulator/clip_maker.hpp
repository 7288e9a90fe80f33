#pragma once

#include <string>

#include "editprep/video/pattern_clip.hpp"

namespace editprep::tools::provider_emulator {

/// An MP4 file's content: a clip in place of a model's. One is made at a time, whoever asks, for
/// each takes all the processors that it gets. Throws video::Error.
[[nodiscard]] std::string make_clip(const video::PatternClip& clip);

/// The sides that an encoder takes: even, from 16 to 4096.
[[nodiscard]] video::FrameSize encodable(double width, double height) noexcept;

}  // namespace editprep::tools::provider_emulator
