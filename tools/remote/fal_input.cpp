#include "tools/remote/fal_input.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;
using transport::FileKind;
using transport::ModelField;

constexpr std::uint64_t kHashLimitBytes = 16 << 20;
constexpr double kBytesPerMb = 1 << 20;

bool is_file(const std::string& text) {
    if (transport::is_data_uri(text) || text.starts_with("http://") ||
        text.starts_with("https://")) {
        return false;
    }
    std::error_code unknown;
    return std::filesystem::is_regular_file(text, unknown);
}

template <class Visit>
void for_each_file_of(Json& values, const std::vector<ModelField>& fields, const Visit& visit);

/// A field's value: a text, an object with fields of its own, or an array of either.
template <class Visit>
void for_each_file_in(Json& value, const ModelField& field, const Visit& visit) {
    if (value.is_array()) {
        for (Json& item : value) {
            for_each_file_in(item, field, visit);
        }
    } else if (value.is_object()) {
        for_each_file_of(value, field.members, visit);
    } else if (field.file != FileKind::none && value.is_string() &&
               is_file(value.get_ref<const std::string&>())) {
        visit(field, value.get_ref<std::string&>());
    }
}

template <class Visit>
void for_each_file_of(Json& values, const std::vector<ModelField>& fields, const Visit& visit) {
    for (const ModelField& field : fields) {
        if (const auto member = values.find(field.name); member != values.end()) {
            for_each_file_in(*member, field, visit);
        }
    }
}

/// Calls `visit(field, text)` for each text in the model's file fields that names a file.
template <class Visit>
void for_each_file(Json& values, const transport::Model* model, const Visit& visit) {
    if (model != nullptr) {
        for_each_file_of(values, model->fields, visit);
    }
}

std::string read_start(transport::BodySource& content, std::size_t largest_size) {
    content.rewind();
    std::string text(largest_size, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto rest = std::as_writable_bytes(std::span(text).subspan(size));
        const std::size_t count = content.read(rest);
        if (count == 0) {
            break;
        }
        size += count;
    }
    content.rewind();
    text.resize(size);
    return text;
}

std::string media_type_in(transport::BodySource& content) {
    constexpr std::size_t kEnough = 256;
    const std::string start = read_start(content, kEnough);
    return std::string(transport::media_type_of(std::as_bytes(std::span(start))));
}

const char* name_of(FileKind kind) noexcept {
    switch (kind) {
        case FileKind::video:
            return "video";
        case FileKind::audio:
            return "audio";
        default:
            return "image";
    }
}

/// Few sound formats are told by their first bytes, and not all clips are, so that only what is
/// known to be something else is refused there.
bool fits(FileKind kind, std::string_view media_type) {
    return media_type.starts_with(name_of(kind)) ||
           (kind != FileKind::image && media_type == transport::kUnknownMediaType);
}

struct LocalFile {
    transport::Body content;
    std::string media_type;
};

LocalFile open_for(const ModelField& field, const std::string& path, UnfitFiles unfit) {
    const transport::Body content = transport::file_body(path);
    const std::string media_type = media_type_in(*content);
    if (unfit == UnfitFiles::sent) {
        return {content, media_type};
    }
    if (!fits(field.file, media_type)) {
        throw Failure(field.name + ": " + path + " is of type " + media_type + ", wanted is " +
                      name_of(field.file) + "; name another file");
    }
    const std::uint64_t size_bytes = content->size_bytes();
    if (field.max_mb && static_cast<double>(size_bytes) > *field.max_mb * kBytesPerMb) {
        throw Failure(field.name + ": " + path + " has " + std::to_string(size_bytes) +
                      " bytes, more than the model's limit of " +
                      std::to_string(static_cast<std::uint64_t>(*field.max_mb * kBytesPerMb)));
    }
    return {content, media_type};
}

/// As redact_payloads writes a data URI.
std::string redacted(const transport::InlineFile& file) {
    const std::uint64_t size_bytes = file.content->size_bytes();
    std::string digest;
    if (size_bytes <= kHashLimitBytes) {
        const std::string content = read_start(*file.content, size_bytes);
        digest = ", sha256 " + transport::sha256_hex(content).substr(0, 16) + "...";
    }
    return "data:" + file.media_type + ";base64,... (" + std::to_string(size_bytes) + " bytes" +
           digest + ')';
}

}  // namespace

std::string FalInput::keep_inline(const transport::Body& content, const std::string& media_type) {
    files_.push_back({transport::new_inline_token(), content, media_type});
    return files_.back().token;
}

std::string FalInput::place(transport::FalClient& fal, const transport::Body& content,
                            const transport::FalUploadOptions& options,
                            std::uint64_t inline_limit_bytes) {
    if (content->size_bytes() > inline_limit_bytes) {
        return fal.upload(content, options);
    }
    return keep_inline(content, options.media_type);
}

void FalInput::place_local_files(transport::FalClient& fal, const transport::Model* model,
                                 std::uint64_t inline_limit_bytes, UnfitFiles unfit) {
    for_each_file(values_, model, [&](const ModelField& field, std::string& text) {
        const LocalFile file = open_for(field, text, unfit);
        transport::FalUploadOptions upload{
            .media_type = file.media_type,
            .file_name = std::filesystem::path(text).filename().string()};
        if (watch_upload_) {
            upload.progress = watch_upload_(upload.file_name);
        }
        text = place(fal, file.content, upload, inline_limit_bytes);
    });
}

void FalInput::visit_local_files(
    const transport::Model* model,
    const std::function<void(const ModelField&, const std::string&)>& visit) const {
    Json values = values_;
    for_each_file(values, model,
                  [&](const ModelField& field, const std::string& path) { visit(field, path); });
}

void FalInput::describe_local_files(const transport::Model* model, std::uint64_t inline_limit_bytes,
                                    UnfitFiles unfit) {
    for_each_file(values_, model, [&](const ModelField& field, std::string& text) {
        const LocalFile file = open_for(field, text, unfit);
        const std::uint64_t size_bytes = file.content->size_bytes();
        text = size_bytes > inline_limit_bytes
                   ? "<URL of " + text + ", uploaded: " + file.media_type + ", " +
                         std::to_string(size_bytes) + " bytes>"
                   : keep_inline(file.content, file.media_type);
    });
}

std::string FalInput::json_to_validate(const transport::Model* model) const {
    Json values = values_;
    for_each_file(values, model, [](const ModelField& field, std::string& text) {
        const std::string type = field.file == FileKind::video
                                     ? std::string(transport::kUnknownMediaType)
                                     : media_type_in(*transport::file_body(text));
        text = "data:" + type + ";base64,AAAA";
    });
    return one_line_json(values);
}

transport::Body FalInput::body() const { return transport::json_body(values_.dump(), files_); }

std::string FalInput::redacted_json() const {
    std::string json = shown_json(values_).dump();
    for (const transport::InlineFile& file : files_) {
        const std::size_t place = json.find(file.token);
        if (place != std::string::npos) {
            json.replace(place, file.token.size(), redacted(file));
        }
    }
    return json;
}

}  // namespace editprep::tools
