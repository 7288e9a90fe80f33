#pragma once

#include <exception>
#include <optional>
#include <string>

namespace editprep::tools {

/// The lines for a transport::Error (a DescribeError of run_tool.hpp). Errors of the configuration
/// and of media retrieval are shown as callers know them; a request without a response as `request
/// failed: <reason>` and a line of advice; everything else as `ERROR: <what>; <next step>`.
[[nodiscard]] std::optional<std::string> describe_transport_error(const std::exception& error);

}  // namespace editprep::tools
