#include "editprep/transport/data_uri.hpp"

#include <algorithm>
#include <optional>

#include "ascii.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

constexpr std::string_view kScheme = "data:";
constexpr std::string_view kBase64Mark = ";base64";
constexpr std::string_view kDefaultMediaType = "text/plain;charset=US-ASCII";

[[noreturn]] void refuse(const std::string& why) {
    throw Error(Errc::invalid_data_uri, "Invalid data URI: " + why, "data URI");
}

/// Takes the text up to `separator` off the front; all of it when there is no separator.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool is_media_type(std::string_view text) {
    if (text.ends_with(';')) {
        return false;
    }
    std::string_view essence = take_until(text, ';');
    const std::string_view type = take_until(essence, '/');
    if (!is_token(type) || !is_token(essence)) {
        return false;
    }
    while (!text.empty()) {
        std::string_view value = take_until(text, ';');
        const std::string_view name = take_until(value, '=');
        if (!is_token(name) || !is_token(value)) {
            return false;
        }
    }
    return true;
}

std::optional<int> hex_digit(char c) {
    const char lower = to_lower(c);
    if (is_digit(c)) {
        return c - '0';
    }
    if (lower >= 'a' && lower <= 'f') {
        return lower - 'a' + 10;
    }
    return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
        if (!high || !low) {
            refuse("a percent sign without two hexadecimal digits");
        }
        decoded.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
    }
    return decoded;
}

std::vector<std::byte> content_from_base64(std::string_view text) {
    try {
        return decode_base64(text, Base64Reading::tolerant);
    } catch (const Error& error) {
        refuse(error.what());
    }
}

std::vector<std::byte> content_of(std::string_view payload, bool base64) {
    if (base64 && payload.find('%') == std::string_view::npos) {
        return content_from_base64(payload);
    }
    const std::string decoded = percent_decoded(payload);
    if (base64) {
        return content_from_base64(decoded);
    }
    const auto bytes = std::as_bytes(std::span(decoded));
    return {bytes.begin(), bytes.end()};
}

/// What stands between the scheme and the comma, without the base64 mark.
std::string media_type_from(std::string_view header) {
    if (header.empty()) {
        return std::string(kDefaultMediaType);
    }
    // Section 2: the type may be left out and its parameters kept.
    std::string media_type =
        header.front() == ';' ? "text/plain" + std::string(header) : std::string(header);
    if (!is_media_type(media_type)) {
        refuse("malformed media type");
    }
    return media_type;
}

}  // namespace

bool is_data_uri(std::string_view text) noexcept {
    return equal_ignoring_case(text.substr(0, kScheme.size()), kScheme);
}

std::string to_data_uri(std::span<const std::byte> content, std::string_view media_type) {
    if (!is_media_type(media_type)) {
        throw Error(Errc::invalid_argument, "Invalid media type: " + std::string(media_type),
                    "media type", "Give it as type/subtype, for example image/png");
    }
    std::string uri;
    uri.reserve(kScheme.size() + media_type.size() + kBase64Mark.size() + 1 +
                base64_size(content.size()));
    uri += kScheme;
    uri += media_type;
    uri += kBase64Mark;
    uri += ',';
    uri += encode_base64(content);
    return uri;
}

DataUri parse_data_uri(std::string_view text) {
    if (!is_data_uri(text)) {
        refuse("it does not begin with data:");
    }
    text.remove_prefix(kScheme.size());
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) {
        refuse("no comma before the content");
    }
    std::string_view header = text.substr(0, comma);
    const std::size_t mark = header.size() - std::min(header.size(), kBase64Mark.size());
    const bool base64 = equal_ignoring_case(header.substr(mark), kBase64Mark);
    if (base64) {
        header = header.substr(0, mark);
    }
    return {media_type_from(header), content_of(text.substr(comma + 1), base64)};
}

}  // namespace editprep::transport
