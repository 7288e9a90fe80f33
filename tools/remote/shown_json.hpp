#pragma once

#include <nlohmann/json_fwd.hpp>

namespace editprep::tools {

/// What may be shown and stored of a request: payloads shortened to what identifies them, `***` in
/// the place of what looks like a key, and of those that process_keys() hides. Everything else
/// stays as it is. Not for values that are nested deeper than read_json takes them.
[[nodiscard]] nlohmann::ordered_json shown_json(const nlohmann::ordered_json& value);

}  // namespace editprep::tools
