#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Finding the media in what a provider answered: JSON, HTML, Markdown or plain text.
namespace editprep::transport {

struct MediaReference {
    enum class Kind {
        /// Base64 alone, from a member `b64_json`.
        base64,
        data_uri,
        /// Absolute, http or https.
        url,
        /// Relative to the provider's origin.
        relative,
    };
    Kind kind = Kind::url;
    std::string value;
};

/// The one that the rules of the contract's section 15.3 choose; nothing when none matches.
[[nodiscard]] std::optional<MediaReference> find_media(std::string_view response);

/// Every result of an answer that holds several (`data[]`, `images[]`, `videos[]`, ...), in order
/// and without repetitions; its first is what find_media gives. Empty when that gives nothing.
[[nodiscard]] std::vector<MediaReference> find_all_media(std::string_view response);

/// The URL of a relative reference (section 15.4): the path of `origin` is not doubled. Throws
/// invalid_url when the reference would change scheme or host.
[[nodiscard]] std::string resolve_reference(std::string_view origin, std::string_view reference);

}  // namespace editprep::transport
