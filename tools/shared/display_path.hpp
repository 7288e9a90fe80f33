#pragma once

#include <string>
#include <string_view>

namespace editprep::tools {

/// A path as commands print it: as it was given, without `./` at the start, `/./` within, doubled
/// slashes and a slash at the end; `..` stays, relative stays relative. An empty path is `.`.
[[nodiscard]] std::string display_path(std::string_view path);

/// A file in a folder, cleaned in the same way.
[[nodiscard]] std::string join_path(std::string_view folder, std::string_view file);

}  // namespace editprep::tools
