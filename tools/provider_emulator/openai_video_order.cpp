#include "tools/provider_emulator/openai_video_order.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "tools/provider_emulator/clip_maker.hpp"
#include "tools/provider_emulator/picture_size.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using video::FrameSize;

// OpenAI's API reference, read 2026-08.
constexpr std::size_t kMaxPromptBytes = 32'000;
constexpr const char* kDefaultModel = "sora-2";
constexpr FrameSize kDefaultSize{720, 1280};
constexpr const char* kDefaultSeconds = "4";
constexpr std::array<std::string_view, 4> kSizes{"720x1280", "1280x720", "1024x1792", "1792x1024"};
constexpr std::array<std::string_view, 3> kSeconds{"4", "8", "12"};
constexpr std::array<std::string_view, 5> kExtensionSeconds{"4", "8", "12", "16", "20"};
constexpr std::array<std::string_view, 5> kFields{"model", "prompt", "seconds", "size",
                                                  "input_reference"};
constexpr std::array<std::string_view, 4> kReferenceTypes{"image/jpeg", "image/png", "image/webp",
                                                          "video/mp4"};
/// Of other models.
constexpr int kMaxSeconds = 60;

bool is_openai(std::string_view model) { return model.starts_with("sora-"); }

Json field_of(const VideoForm& form, const std::string& name) {
    return form.fields.value(name, Json());
}

Refusal missing(const std::string& name) {
    return {"Missing required parameter: '" + name + "'.", name, "missing_required_parameter"};
}

Refusal unsupported(const std::string& name, const std::string& value,
                    std::span<const std::string_view> supported) {
    return {"Invalid value: '" + value + "'. Supported values are: " + listed(supported) + '.',
            name, "invalid_value"};
}

std::string text_of(const VideoForm& form, const std::string& name, const std::string& otherwise) {
    const Json value = field_of(form, name);
    if (value.is_null()) {
        return otherwise;
    }
    if (!value.is_string()) {
        throw Refusal{"Invalid type for '" + name + "': expected a string", name, "invalid_type"};
    }
    return value.get<std::string>();
}

std::string prompt_of(const VideoForm& form) {
    std::string prompt = text_of(form, "prompt", "");
    if (prompt.empty()) {
        throw missing("prompt");
    }
    if (prompt.size() > kMaxPromptBytes) {
        throw Refusal{"Invalid 'prompt': string too long", "prompt", "string_above_max_length"};
    }
    return prompt;
}

int seconds_of(const VideoForm& form, bool strict, std::span<const std::string_view> supported) {
    const Json value = field_of(form, "seconds");
    if (!strict && value.is_number()) {
        return number_from("seconds", value.dump(), 1, kMaxSeconds);
    }
    const std::string text = text_of(form, "seconds", kDefaultSeconds);
    if (strict && std::ranges::find(supported, text) == supported.end()) {
        throw unsupported("seconds", text, supported);
    }
    return number_from("seconds", text, 1, kMaxSeconds);
}

/// Nothing where the request leaves it open.
std::optional<FrameSize> size_of(const VideoForm& form, bool strict) {
    const std::string text = text_of(form, "size", "");
    if (text.empty()) {
        return strict ? std::optional(kDefaultSize) : std::nullopt;
    }
    const auto size = parse_size(text);
    const bool listed = std::ranges::find(kSizes, text) != kSizes.end();
    const bool encoded =
        size && encodable(size->width, size->height) == FrameSize{size->width, size->height};
    if (!encoded || (strict && !listed)) {
        throw unsupported("size", text, kSizes);
    }
    return FrameSize{size->width, size->height};
}

void check_known(const VideoForm& form) {
    const auto check = [](const std::string& name) {
        if (std::ranges::find(kFields, name) == kFields.end()) {
            throw Refusal{"Unknown parameter: '" + name + "'.", name, "unknown_parameter"};
        }
    };
    for (const auto& [name, value] : form.fields.items()) {
        check(name);
    }
    for (const auto& [name, file] : form.files) {
        check(name);
    }
}

std::span<const std::byte> bytes_of(const InputFile& file) {
    return std::as_bytes(std::span(file.content));
}

video::MediaInfo probe_clip(const InputFile& file, const std::string& param) {
    try {
        return video::probe(bytes_of(file), param);
    } catch (const video::Error& error) {
        throw Refusal{std::string("Invalid video file: ") + error.what(), param,
                      "invalid_video_file"};
    }
}

FrameSize size_of_reference(const InputFile& file) {
    const std::string param = "input_reference";
    check_media_type(file, param, kReferenceTypes);
    if (transport::media_type_of(bytes_of(file)).starts_with("video/")) {
        return probe_clip(file, param).display_size;
    }
    try {
        const imaging::Size size = imaging::probe_image(bytes_of(file), param).size;
        return {size.width, size.height};
    } catch (const imaging::Error& error) {
        throw Refusal{std::string("Invalid image file: ") + error.what(), param,
                      "invalid_image_file"};
    }
}

std::optional<InputFile> reference_of(const VideoForm& form, const FileStore& files,
                                      const std::string& base_url) {
    const auto part = form.files.find("input_reference");
    if (part != form.files.end()) {
        return part->second;
    }
    const Json reference = field_of(form, "input_reference");
    return reference.is_null()
               ? std::nullopt
               : std::optional(input_from(files, reference, base_url, "input_reference"));
}

/// Of the one request field that names a clip: a file, or a job's id.
VideoOrder source_of(const VideoForm& form, const FindOrder& find) {
    const auto part = form.files.find("video");
    if (part == form.files.end()) {
        const Json reference = field_of(form, "video");
        const Json id = reference.is_object() ? reference.value("id", Json()) : Json();
        if (!id.is_string()) {
            throw missing("video");
        }
        return find(id.get<std::string>());
    }
    const video::MediaInfo info = probe_clip(part->second, "video");
    const double seconds =
        info.duration ? std::chrono::duration<double>(*info.duration).count() : 1;
    return {.model = text_of(form, "model", kDefaultModel),
            .prompt = {},
            .size = info.display_size,
            .seconds = std::max(1, static_cast<int>(std::lround(seconds))),
            .clip = part->second.content,
            .clip_type = std::string(transport::media_type_of(bytes_of(part->second)))};
}

/// A text part of a form; `video[id]` goes into an object.
void set_field(Json& fields, const std::string& name, const std::string& value) {
    const std::size_t bracket = name.find('[');
    if (bracket == std::string::npos || !name.ends_with(']')) {
        fields[name] = value;
        return;
    }
    Json& object = fields[name.substr(0, bracket)];
    if (object.is_null() || object.is_object()) {
        object[name.substr(bracket + 1, name.size() - bracket - 2)] = value;
    }
}

}  // namespace

VideoForm read_video_form(const httplib::Request& request) {
    VideoForm form;
    if (!request.is_multipart_form_data()) {
        auto body = parse_object(request.body);
        if (!body) {
            throw Refusal{"The body of your request is not a JSON object", "", ""};
        }
        form.fields = std::move(*body);
        return form;
    }
    for (const auto& [name, part] : request.files) {
        if (part.filename.empty()) {
            set_field(form.fields, name, part.content);
        } else {
            form.files.insert_or_assign(name, InputFile{part.content, part.content_type});
        }
    }
    return form;
}

VideoOrder order_to_create(const VideoForm& form, const FileStore& files,
                           const std::string& base_url) {
    VideoOrder order{.model = text_of(form, "model", kDefaultModel),
                     .prompt = prompt_of(form),
                     .size = kDefaultSize};
    const bool strict = is_openai(order.model);
    if (strict && !order.model.starts_with("sora-2")) {
        throw Refusal{"Invalid value: '" + order.model + "'. No such model.", "model",
                      "invalid_value"};
    }
    if (strict) {
        check_known(form);
    }
    order.seconds = seconds_of(form, strict, kSeconds);
    const auto size = size_of(form, strict);
    if (const auto reference = reference_of(form, files, base_url)) {
        const FrameSize own = size_of_reference(*reference);
        if (size && own != *size) {
            throw Refusal{"Inpaint image must match the requested width and height",
                          "input_reference", "invalid_value"};
        }
        order.size = encodable(own.width, own.height);
    }
    order.size = size.value_or(order.size);
    return order;
}

VideoOrder order_to_edit(const VideoForm& form, const FindOrder& find) {
    std::string prompt = prompt_of(form);
    VideoOrder order = source_of(form, find);
    order.prompt = std::move(prompt);
    return order;
}

VideoOrder order_to_extend(const VideoForm& form, const FindOrder& find) {
    std::string prompt = prompt_of(form);
    if (field_of(form, "seconds").is_null()) {
        throw missing("seconds");
    }
    VideoOrder order = source_of(form, find);
    order.prompt = std::move(prompt);
    order.size = encodable(order.size.width, order.size.height);
    order.seconds += seconds_of(form, is_openai(order.model), kExtensionSeconds);
    order.clip.clear();
    order.clip_type = "video/mp4";
    return order;
}

VideoOrder order_to_remix(const VideoForm& form, const std::string& id, const FindOrder& find) {
    std::string prompt = prompt_of(form);
    VideoOrder order = find(id);
    order.prompt = std::move(prompt);
    order.remixed_from = id;
    order.clip.clear();
    order.clip_type = "video/mp4";
    return order;
}

}  // namespace editprep::tools::provider_emulator
