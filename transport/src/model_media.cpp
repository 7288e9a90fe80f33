#include <algorithm>
#include <array>
#include <optional>

#include "ascii.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/media_type.hpp"
#include "joined.hpp"
#include "model_value.hpp"

namespace editprep::transport {
namespace {

/// As in fal's limits and the contract's section 16.7.
constexpr double kBytesPerMb = 1024.0 * 1024.0;

struct Format {
    std::string_view ending;
    std::string_view media_type;
};

constexpr std::array<Format, 17> kFormats{{{".avi", "video/x-msvideo"},
                                           {".avif", "image/avif"},
                                           {".bmp", "image/bmp"},
                                           {".gif", "image/gif"},
                                           {".jpeg", "image/jpeg"},
                                           {".jpg", "image/jpeg"},
                                           {".m4a", "audio/mp4"},
                                           {".mkv", "video/x-matroska"},
                                           {".mov", "video/quicktime"},
                                           {".mp3", "audio/mpeg"},
                                           {".mp4", "video/mp4"},
                                           {".ogg", "audio/ogg"},
                                           {".png", "image/png"},
                                           {".tiff", "image/tiff"},
                                           {".wav", "audio/wav"},
                                           {".webm", "video/webm"},
                                           {".webp", "image/webp"}}};

bool is_media(std::string_view media_type) {
    return std::ranges::any_of(
        std::array{FileKind::image, FileKind::video, FileKind::audio},
        [&](FileKind kind) { return media_type.starts_with(name_of(kind)); });
}

bool accepts(const ModelField& field, std::string_view media_type) {
    if (!media_type.starts_with(name_of(field.file))) {
        return false;
    }
    return field.formats.empty() || std::ranges::any_of(kFormats, [&](const Format& format) {
               return format.media_type == media_type &&
                      std::ranges::find(field.formats, format.ending) != field.formats.end();
           });
}

std::string wanted(const ModelField& field) {
    return field.formats.empty() ? std::string(name_of(field.file)) : joined(field.formats);
}

/// The media type that the first bytes show, where base64 can be read and shows one.
std::string_view type_in(std::string_view payload) {
    constexpr std::size_t kEnough = 344;  // 256 bytes, rounded up to whole groups
    std::string_view start = payload.substr(0, kEnough);
    start = start.substr(0, start.size() / 4 * 4);
    try {
        return media_type_of(decode_base64(start, Base64Reading::tolerant));
    } catch (const Error&) {
        return kUnknownMediaType;
    }
}

std::string data_uri_fault(const ModelField& field, std::string_view uri,
                           const std::string& label) {
    const std::size_t comma = uri.find(',');
    const std::string_view header = uri.substr(5, comma == std::string_view::npos ? 0 : comma - 5);
    if (comma == std::string_view::npos) {
        return label + " is not a whole data URI";
    }
    const std::string declared = lower_case(header.substr(0, header.find(';')));
    if (is_media(declared) && !accepts(field, declared)) {
        return label + " is " + declared + ", accepted is " + wanted(field);
    }
    const std::string_view payload = uri.substr(comma + 1);
    const std::string_view found = type_in(payload);
    if (is_media(found) && !accepts(field, found)) {
        return label + " holds " + std::string(found) + ", accepted is " + wanted(field);
    }
    const double size_bytes = static_cast<double>(payload.size()) / 4 * 3;
    if (field.max_mb && size_bytes > *field.max_mb * kBytesPerMb + 2) {
        return label + " has " + std::to_string(static_cast<long long>(size_bytes)) +
               " bytes, more than the limit of " +
               std::to_string(static_cast<long long>(*field.max_mb * kBytesPerMb));
    }
    return {};
}

/// The known ending of a URL's path; what a server sends may still be something else.
std::optional<Format> format_of_url(std::string_view url) {
    const std::string path = lower_case(url.substr(0, url.find_first_of("?#")));
    const auto format = std::ranges::find_if(
        kFormats, [&](const Format& known) { return path.ends_with(known.ending); });
    return format == kFormats.end() ? std::nullopt : std::optional(*format);
}

}  // namespace

std::string media_fault(const ModelField& field, std::string_view text, const std::string& label) {
    if (text.empty()) {
        return field.required && label == field.name ? "" : label + " is empty";
    }
    if (is_data_uri(text)) {
        return data_uri_fault(field, text, label);
    }
    const std::string scheme = lower_case(text.substr(0, 8));
    if (!scheme.starts_with("http://") && !scheme.starts_with("https://")) {
        return label + " should be a URL or data URI";
    }
    const auto format = format_of_url(text);
    if (format && !accepts(field, format->media_type)) {
        return label + " ends in " + std::string(format->ending) + ", accepted is " + wanted(field);
    }
    return {};
}

}  // namespace editprep::transport
