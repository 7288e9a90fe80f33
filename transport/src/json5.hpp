#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

/// JSON as people write it in configuration files (https://spec.json5.org, version 1.0.0).
namespace editprep::transport {

struct Json5Limits {
    std::size_t max_bytes = std::size_t{4} << 20;
    std::size_t max_depth = 64;
};

/// Comments, trailing commas, unquoted keys, single quotes, hexadecimal and the other forms of
/// numbers; a byte order mark. Of members with one name the last counts, in the place of the first.
/// Infinity and NaN are refused, for JSON cannot hold them. Throws invalid_json with the reason,
/// ending in `at line 3, column 14`.
[[nodiscard]] nlohmann::ordered_json parse_json5(std::string_view text, Json5Limits limits = {});

}  // namespace editprep::transport
