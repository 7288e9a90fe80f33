#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

/// The strings of a JSON text and where they stand, without a copy of any: an answer may hold a
/// film in base64, which a tree of values would copy several times.
namespace editprep::transport {

/// An object or an array that is open.
struct JsonContainer {
    bool is_object = false;
    /// The name of the member that it is, or that the array is which holds it; as written.
    std::string_view name;
    /// 1 for the first that was opened, and so on.
    std::uint64_t number = 0;
};

/// Views into the text.
struct JsonString {
    /// Between the quotes, as written.
    std::string_view raw;
    /// As JsonContainer::name.
    std::string_view name;
    /// From the outermost one to the one that holds the string; gone after the visit.
    std::span<const JsonContainer> containers;

    [[nodiscard]] bool has_escapes() const { return raw.find('\\') != std::string_view::npos; }
    [[nodiscard]] std::string text() const;
};

/// Deeper texts count as no JSON.
inline constexpr std::size_t kMaxJsonDepth = 10'000;

/// Calls `visit` for every string value in document order; names are no values. False when the text
/// is not JSON (RFC 8259; bytes outside ASCII are taken as they come), which is known only after
/// some visits.
[[nodiscard]] bool walk_json(std::string_view text,
                             const std::function<void(const JsonString&)>& visit);

/// What stands between a JSON string's quotes, without its escapes; unknown escapes stay, and half
/// a surrogate pair becomes U+FFFD.
[[nodiscard]] std::string unescape_json(std::string_view raw);

}  // namespace editprep::transport
