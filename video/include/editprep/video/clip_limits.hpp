#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace editprep::video {

/// What a model accepts as a clip. Absent limits are not checked; all bounds are inclusive.
struct ClipLimits {
    /// Whose limits these are, for messages: a model's id.
    std::string model{};
    /// As MediaInfo::container; empty for any.
    std::vector<std::string> containers{};
    /// As MediaInfo::codec; empty for any.
    std::vector<std::string> codecs{};
    std::optional<double> min_seconds{};
    std::optional<double> max_seconds{};
    /// Width and height each, of the displayed size.
    std::optional<int> min_side_px{};
    std::optional<int> max_side_px{};
    /// Width times height, of the displayed size.
    std::optional<std::int64_t> min_pixels{};
    std::optional<std::int64_t> max_pixels{};
    /// Width through height, of the displayed size.
    std::optional<double> min_aspect{};
    std::optional<double> max_aspect{};
    std::optional<double> min_fps{};
    std::optional<double> max_fps{};
    std::optional<std::int64_t> max_bytes{};
};

/// What several clips of one request must keep together.
struct JointClipLimits {
    std::optional<double> min_seconds{};
    std::optional<double> max_seconds{};
    std::optional<std::int64_t> max_bytes{};
};

}  // namespace editprep::video
