#pragma once

#include <string>

namespace editprep::tools {

/// The text of an argument that is JSON: the argument itself, the content of a file for `@FILE`,
/// standard input for `-`. Throws Failure when that cannot be read or passes 1 GiB; whether the
/// text is JSON is the caller's question.
[[nodiscard]] std::string read_json_argument(const std::string& argument);

}  // namespace editprep::tools
