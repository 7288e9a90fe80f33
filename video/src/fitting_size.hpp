#pragma once

#include <optional>

#include "editprep/video/clip_limits.hpp"
#include "editprep/video/media_info.hpp"

namespace editprep::video {

/// True when width, height, their product and their ratio are all within the limits.
[[nodiscard]] bool fits(FrameSize displayed, const ClipLimits& limits) noexcept;

/// The size nearest to `displayed` that fits, with its aspect kept (to the rounding) and even
/// sides, which encoders want. Absent when no scaling brings it inside.
[[nodiscard]] std::optional<FrameSize> fitting_size(FrameSize displayed, const ClipLimits& limits);

/// True when width through height is within the limits; a bound that no double holds exactly
/// (0.4) is met by the ratio that it stands for (2:5).
[[nodiscard]] bool aspect_at_least(FrameSize size, double least) noexcept;
[[nodiscard]] bool aspect_at_most(FrameSize size, double largest) noexcept;

}  // namespace editprep::video
