#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "editprep/video/media_info.hpp"

/// Measured values and limits as people read them, with their units and without trailing zeros.
namespace editprep::video {

/// `10.05`; at most `decimals` of them.
[[nodiscard]] std::string number_text(double value, int decimals);

/// `10.050001 s`, to the microsecond.
[[nodiscard]] std::string seconds_text(std::chrono::microseconds duration);

/// `3840x2160`.
[[nodiscard]] std::string size_text(FrameSize size);

/// `29.97 fps`, exact to a thousandth.
[[nodiscard]] std::string rate_text(double frames_per_second);

/// `200.01 MB (209725200 bytes)`; an MB is 1,048,576 bytes, as in the models' data.
[[nodiscard]] std::string bytes_text(std::int64_t bytes);

}  // namespace editprep::video
