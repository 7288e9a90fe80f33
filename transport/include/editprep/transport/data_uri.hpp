#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Data URIs (RFC 2397): a file's content inside a URI.
namespace editprep::transport {

struct DataUri {
    /// With its parameters, as written; `text/plain;charset=US-ASCII` where the URI names none.
    std::string media_type;
    std::vector<std::byte> content;
};

/// True for text that begins with `data:` in any case; says nothing about the rest.
[[nodiscard]] bool is_data_uri(std::string_view text) noexcept;

/// `data:<media_type>;base64,<content>`. Throws invalid_argument unless the media type has the form
/// `type/subtype` with optional `;name=value` parameters.
[[nodiscard]] std::string to_data_uri(std::span<const std::byte> content,
                                      std::string_view media_type);

/// Takes base64 (read tolerantly) and percent-encoded content. Throws invalid_data_uri when there
/// is no `data:` or no comma, the media type or a percent sign is malformed, or the base64 does not
/// decode.
[[nodiscard]] DataUri parse_data_uri(std::string_view text);

}  // namespace editprep::transport
