#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

/// JSON as text, in the two forms that callers of the commands know. Characters beyond ASCII are
/// written as they are; bytes that are no UTF-8 become U+FFFD.
namespace editprep::tools {

/// Indented by two blanks; no newline at the end.
[[nodiscard]] std::string indented_json(const nlohmann::ordered_json& value);

/// One line, with `", "` between members and `": "` after keys.
[[nodiscard]] std::string one_line_json(const nlohmann::ordered_json& value);

}  // namespace editprep::tools
