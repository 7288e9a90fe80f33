#pragma once

#include <string>
#include <string_view>

namespace editprep::tools {

/// The media type that a file's name promises, by its extension; transport::kUnknownMediaType for
/// those that the contract's section 16.7 does not list.
[[nodiscard]] std::string_view type_of_name(const std::string& path);

}  // namespace editprep::tools
