#pragma once

#include <exception>
#include <optional>
#include <string>

namespace editprep::tools {

/// The lines for an error of imaging or of transport (a DescribeError of run_tool.hpp).
[[nodiscard]] std::optional<std::string> describe_edit_error(const std::exception& error);

}  // namespace editprep::tools
