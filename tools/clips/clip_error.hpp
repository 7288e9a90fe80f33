#pragma once

#include <exception>
#include <optional>
#include <string>

namespace editprep::tools {

/// DescribeError for the video module's errors, then for the transport module's.
[[nodiscard]] std::optional<std::string> describe_clip_error(const std::exception& error);

}  // namespace editprep::tools
