#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "editprep/transport/media_reference.hpp"

/// How references look in texts that are not JSON. Every rule is linear in the text's length.
namespace editprep::transport {

struct FoundReference {
    MediaReference reference;
    /// Behind the place where it stands.
    std::size_t end = 0;
};

/// The first reference of its kind at or behind a position.
using ReferenceRule = std::optional<FoundReference> (*)(std::string_view text, std::size_t from);

/// The rules of the older command in their order: what they find is what it found, but for
/// punctuation behind a URL.
[[nodiscard]] std::span<const ReferenceRule> established_rules();

/// For texts on which those give up: HTML, Markdown, further extensions.
[[nodiscard]] std::span<const ReferenceRule> further_rules();

/// `"b64_json": "..."`, wherever it stands.
[[nodiscard]] std::optional<FoundReference> find_base64_member(std::string_view text,
                                                               std::size_t from);

/// What a text is that should be nothing but a reference: an absolute URL, a data URI or, of what
/// is left, a relative reference. Nothing for other schemes and for text with blanks.
[[nodiscard]] std::optional<MediaReference> as_reference(std::string_view text);

/// The value of a member `b64_json`; nothing when it is empty.
[[nodiscard]] std::optional<MediaReference> as_base64(std::string value);

/// Without the white space at both ends.
[[nodiscard]] std::string_view without_outer_space(std::string_view text);

}  // namespace editprep::transport
