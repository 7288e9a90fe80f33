#include "tools/workflow/file_limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "editprep/transport/media_type.hpp"

namespace editprep::tools {
namespace {

using transport::FileKind;
using transport::ModelField;
using Errors = std::vector<std::string>;

/// As in transport/models/README.md.
constexpr double kBytesPerMb = 1 << 20;

/// As short as a number can be written.
std::string shown(double number) {
    const std::string text = nlohmann::json(number).dump();
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

template <class Number>
std::string bounds(const std::optional<Number>& least, const std::optional<Number>& most) {
    const auto text = [](Number number) { return shown(static_cast<double>(number)); };
    return (least ? "at least " + text(*least) : std::string()) + (least && most ? " and " : "") +
           (most ? "at most " + text(*most) : std::string());
}

template <class Number>
bool is_outside(Number value, const std::optional<Number>& least,
                const std::optional<Number>& most) {
    return (least && value < *least) || (most && value > *most);
}

/// The endings that a media type's files have.
bool is_listed(const std::vector<std::string>& formats, std::string_view media_type) {
    const std::string_view subtype = media_type.substr(media_type.find('/') + 1);
    return std::ranges::any_of(formats, [&](const std::string& format) {
        const std::string_view ending = std::string_view(format).substr(1);
        return ending == subtype || (ending == "jpg" && subtype == "jpeg") ||
               (ending == "mp3" && subtype == "mpeg") || (ending == "m4a" && subtype == "mp4");
    });
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

}  // namespace

bool check_file_kind(const ModelField& field, const std::string& name, std::string_view media_type,
                     Errors& errors) {
    const bool picture = field.file == FileKind::image;
    const char* const wanted = picture ? "image" : "audio";
    // Few sound formats are told by their first bytes.
    const bool untold = media_type == transport::kUnknownMediaType;
    if (!media_type.starts_with(wanted) && (picture || !untold)) {
        errors.push_back(field.name + ": " + name + " is of type " + std::string(media_type) +
                         ", wanted is " + wanted + "; name another file");
        return false;
    }
    if (!field.formats.empty() && !untold && !is_listed(field.formats, media_type)) {
        errors.push_back(field.name + ": " + name + " is of type " + std::string(media_type) +
                         ", the model takes " + joined(field.formats));
    }
    return true;
}

void check_file_size(const ModelField& field, const std::string& name, std::uint64_t size_bytes,
                     Errors& errors) {
    const double megabytes = static_cast<double>(size_bytes) / kBytesPerMb;
    if (field.max_mb && megabytes > *field.max_mb) {
        errors.push_back(field.name + ": " + name + " has " + shown(megabytes) +
                         " MB, the limit is " + shown(*field.max_mb));
    }
}

void check_picture_size(const ModelField& field, const std::string& name, imaging::Size size,
                        Errors& errors) {
    const auto refuse = [&](const std::string& what) {
        errors.push_back(field.name + ": " + name + " is " + to_string(size) + "; " + what);
    };
    const auto [shorter, longer] = std::minmax(size.width, size.height);
    if (is_outside(shorter, field.min_px, field.max_px) ||
        is_outside(longer, field.min_px, field.max_px)) {
        refuse("sides must be " + bounds(field.min_px, field.max_px));
    }
    if (is_outside(size.area(), field.min_pixels, field.max_pixels)) {
        refuse("width times height must be " + bounds(field.min_pixels, field.max_pixels));
    }
    const double aspect = static_cast<double>(size.width) / size.height;
    if (is_outside(aspect, field.min_aspect, field.max_aspect)) {
        refuse("width through height must be " + bounds(field.min_aspect, field.max_aspect));
    }
}

}  // namespace editprep::tools
