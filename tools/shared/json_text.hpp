#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

/// JSON as text, in the two forms that callers of the commands know. Characters beyond ASCII are
/// written as they are; bytes that are no UTF-8 become U+FFFD.
namespace editprep::tools {

/// Indented by two blanks; no newline at the end.
[[nodiscard]] std::string indented_json(const nlohmann::ordered_json& value);

/// One line, with `", "` between members and `": "` after keys.
[[nodiscard]] std::string one_line_json(const nlohmann::ordered_json& value);

enum class NonAscii {
    as_it_is,
    /// `\u00e9`, as a surrogate pair beyond the basic plane; DEL too.
    escaped,
};

[[nodiscard]] bool is_json(std::string_view text);

/// A user's text as a value. Throws std::invalid_argument with the reason, which repeats nothing of
/// the text, when it is no JSON, holds a number beyond a double, or is nested deeper than 500
/// levels: no provider's input is, and whoever walks through the value later may recurse.
[[nodiscard]] nlohmann::ordered_json read_json(std::string_view text);

/// The same two forms for a text that is JSON already: nothing but blanks and escapes changes.
/// Numbers keep their digits, members their order, also those that occur twice. From the 100th
/// level on, indentation stops. Throws std::invalid_argument for any other text: ask is_json first.
[[nodiscard]] std::string indented_json_text(std::string_view json,
                                             NonAscii non_ascii = NonAscii::as_it_is);
[[nodiscard]] std::string one_line_json_text(std::string_view json,
                                             NonAscii non_ascii = NonAscii::as_it_is);

/// A text as a JSON string, with its quotes.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace editprep::tools
