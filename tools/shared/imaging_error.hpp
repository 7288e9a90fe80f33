#pragma once

#include <exception>
#include <optional>
#include <string>

namespace editprep::tools {

/// The line for an imaging::Error (a DescribeError of run_tool.hpp). Errors of regions and margins
/// are shown as they are, callers know their texts; everything else as `ERROR: <what>; <next
/// step>`.
[[nodiscard]] std::optional<std::string> describe_imaging_error(const std::exception& error);

}  // namespace editprep::tools
