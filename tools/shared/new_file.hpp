#pragma once

#include <string>
#include <string_view>

/// Names of files that a command makes up.
namespace editprep::tools {

/// Throws Failure when the prefix is more or less than the beginning of a file name: a path
/// separator or a control character in it, or `.` or `..`.
void check_prefix(const std::string& prefix);

/// `<folder>/<stem>_<8 random hexadecimal digits><extension>`, a name that no file has yet.
[[nodiscard]] std::string new_file_path(std::string_view folder, std::string_view stem,
                                        std::string_view extension);

}  // namespace editprep::tools
