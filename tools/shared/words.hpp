#pragma once

#include <string>
#include <string_view>

/// Words as people type them, made comparable.
namespace editprep::tools {

/// A to Z as a to z, whatever the locale; every other byte stays.
[[nodiscard]] std::string lower_case(std::string text);

/// Without blanks, tabs and line ends around it.
[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace editprep::tools
