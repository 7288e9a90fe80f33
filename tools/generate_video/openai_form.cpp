#include "tools/generate_video/openai_form.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/clips/clip_check.hpp"
#include "tools/remote/file_type.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using transport::FieldType;

constexpr const char* kSkip = "; --skip-validation sends it all the same";

template <class Value>
void add(Json& body, const char* name, const std::optional<Value>& value) {
    if (value) {
        body[name] = *value;
    }
}

/// Options whose place in a request only fal's models tell.
void refuse_options_of_fal(const Options& options) {
    const std::pair<const char*, bool> given[] = {
        {"--reference-image", !options.reference_images.empty()},
        {"--reference-audio", !options.reference_audio.empty()},
        {"--element", !options.elements.empty()},
        {"--end-image", options.end_image.has_value()},
        {"--generate-audio", options.generate_audio.has_value()},
        {"--keep-audio", options.keep_audio.has_value()},
        {"--shot-type", options.shot_type.has_value()},
    };
    std::string names;
    for (const auto& [name, is_given] : given) {
        names += is_given ? (names.empty() ? "" : ", ") + std::string(name) : "";
    }
    if (!names.empty()) {
        throw Failure("an OpenAI-compatible provider has no field for " + names +
                      "; it takes --image, --input-reference and --video, and whatever "
                      "--extra-json holds");
    }
}

/// What some servers refuse as a number, and the registry knows to be a text.
bool wants_text(const VideoPlan& plan, bool as_form) {
    if (plan.options.seconds_as != SecondsAs::automatic) {
        return plan.options.seconds_as == SecondsAs::text;
    }
    const transport::ModelField* field =
        plan.known == nullptr ? nullptr : plan.known->field("seconds");
    return as_form || (field != nullptr && field->type == FieldType::text);
}

Json plain_body(const VideoPlan& plan, bool as_form) {
    const Options& options = plan.options;
    Json body;
    body["model"] = plan.model;
    body["prompt"] = plan.prompt;
    add(body, "size", options.size);
    if (const auto seconds = wanted_seconds(options)) {
        body["seconds"] =
            wants_text(plan, as_form) ? Json(std::to_string(*seconds)) : Json(*seconds);
    }
    add(body, "fps", options.fps);
    add(body, "seed", options.seed);
    add(body, "preset", options.preset);
    add(body, "aspect_ratio", options.aspect_ratio);
    add(body, "resolution", options.resolution);
    return body;
}

/// By content; where that tells nothing, by the name.
JobFile file_part(const std::string& path) {
    JobFile file = unchanged_file(path);
    if (file.media_type == transport::kUnknownMediaType) {
        file.media_type = type_of_name(path);
    }
    return file;
}

std::string default_image_field(Mode mode) {
    switch (mode) {
        case Mode::animate:
            return "first_frame_image";
        case Mode::reference:
            return "reference_images";
        default:
            return "image";
    }
}

std::string image_value(const std::string& image, ImageTransport transport, VideoRequest& request,
                        ImageUse& use) {
    if (is_url(image)) {
        use.transport = "url";
        return image;
    }
    if (transport == ImageTransport::path) {
        use.transport = "path";
        return image;
    }
    use.transport = "data-url";
    const JobFile file = file_part(image);
    request.inline_files.push_back({transport::new_inline_token(), file.content, file.media_type});
    return request.inline_files.back().token;
}

ImageUse add_image(const Options& options, VideoRequest& request) {
    const std::string& image = *options.image;
    check_exists("image", image);
    ImageUse use{.field = options.image_field.value_or(default_image_field(options.mode)),
                 .transport = {}};
    const Json value = image_value(image, options.image_transport, request, use);
    request.body[use.field] = use.field == "reference_images" ? Json::array({value}) : value;
    return use;
}

/// As the file is shown; nothing for what cannot be told.
std::optional<std::string> size_of(const std::string& path, std::string_view media_type) {
    if (media_type.starts_with("video/")) {
        const auto clip = check_clip(path, {}).info.display_size;
        return std::to_string(clip.width) + 'x' + std::to_string(clip.height);
    }
    if (!media_type.starts_with("image/")) {
        return std::nullopt;
    }
    try {
        const imaging::Size size = imaging::probe_image(path).size;
        return std::to_string(size.width) + 'x' + std::to_string(size.height);
    } catch (const imaging::Error& error) {
        throw Failure("input reference: " + std::string(error.what()) + kSkip);
    }
}

/// The size of the video, where the model is known to want pictures of that very size.
std::optional<std::string> size_wanted(const VideoPlan& plan, const Json& body) {
    if (plan.known == nullptr || plan.known->field("input_reference") == nullptr) {
        return std::nullopt;
    }
    if (const auto size = body.find("size"); size != body.end()) {
        return size->is_string() ? std::optional(size->get<std::string>()) : std::nullopt;
    }
    const transport::ModelField* field = plan.known->field("size");
    if (field == nullptr || field->default_json.empty()) {
        return std::nullopt;
    }
    const Json usual = Json::parse(field->default_json, nullptr, /*allow_exceptions=*/false);
    return usual.is_string() ? std::optional(usual.get<std::string>()) : std::nullopt;
}

/// Of WIDTHxHEIGHT.
std::optional<imaging::Size> size_in(std::string_view text) {
    imaging::Size size;
    const char* const end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, size.width);
    if (width.ec != std::errc{} || width.ptr == end || *width.ptr != 'x') {
        return std::nullopt;
    }
    const auto height = std::from_chars(width.ptr + 1, end, size.height);
    const bool is_size =
        height.ec == std::errc{} && height.ptr == end && size.width > 0 && size.height > 0;
    return is_size ? std::optional(size) : std::nullopt;
}

/// How far one must be stretched and scaled to become the other; 0 for the same.
double distance(imaging::Size a, imaging::Size b) {
    const double width = std::log(static_cast<double>(a.width) / b.width);
    const double height = std::log(static_cast<double>(a.height) / b.height);
    return std::hypot(width, height);
}

/// What the model makes and what of it is nearest; empty when that is not known.
std::string advice_on_sizes(const VideoPlan& plan, const std::string& given) {
    const transport::ModelField* field = plan.known->field("size");
    const auto size = size_in(given);
    if (field == nullptr || field->choices.empty() || !size) {
        return {};
    }
    std::string all;
    std::string nearest;
    double least = std::numeric_limits<double>::infinity();
    for (const std::string& choice : field->choices) {
        all += (all.empty() ? "" : ", ") + choice;
        const auto allowed = size_in(choice);
        if (allowed && distance(*size, *allowed) < least) {
            least = distance(*size, *allowed);
            nearest = choice;
        }
    }
    return ". It makes " + all + "; nearest is " + nearest +
           (nearest == given ? ": give --size " + nearest
                             : ": resize the file to that, and give --size " + nearest);
}

void check_reference_size(const VideoPlan& plan, const std::string& path, const JobFile& file,
                          const Json& body) {
    const auto wanted = size_wanted(plan, body);
    const auto size = wanted ? size_of(path, file.media_type) : std::nullopt;
    if (size && *size != *wanted) {
        const std::string advice = advice_on_sizes(plan, *size);
        throw Failure(plan.options.input_reference_option + ' ' + display_path(path) + " is " +
                      *size + ", and " + plan.model + " wants the size of the video, " + *wanted +
                      (advice.empty() ? "; resize it, or give --size" : advice) + kSkip);
    }
}

void check_edited_clip(const VideoPlan& plan, const std::string& path) {
    const transport::ModelField* field =
        plan.known == nullptr ? nullptr : plan.known->field("video");
    if (field == nullptr) {
        return;
    }
    std::string errors;
    for (const video::Finding& finding :
         check_clip(path, limits_of(*plan.known, *field)).findings) {
        if (finding.severity == video::Severity::error) {
            errors += (errors.empty() ? "" : "; ") + finding.text();
        } else {
            plan.story.warn(display_path(path) + ": " + finding.text());
        }
    }
    if (!errors.empty()) {
        throw Failure(display_path(path) + ": " + errors + kSkip);
    }
}

void add_video(const VideoPlan& plan, VideoRequest& request) {
    const auto& videos = plan.options.videos;
    if (videos.size() > 1 || is_url(videos.front())) {
        throw Failure(
            "an OpenAI-compatible provider edits one clip, which is a file: give --video once, "
            "without a URL");
    }
    const std::string& path = videos.front();
    check_exists("video", path);
    if (!plan.options.remote.skip_validation) {
        check_edited_clip(plan, path);
    }
    request.parts.push_back({"video", file_part(path)});
}

void add_input_reference(const VideoPlan& plan, VideoRequest& request) {
    const std::string& path = *plan.options.input_reference;
    if (is_url(path)) {
        throw Failure(plan.options.input_reference_option +
                      " takes a file; for a URL use --extra-json");
    }
    check_exists("input reference", path);
    JobFile file = file_part(path);
    if (!plan.options.remote.skip_validation) {
        check_reference_size(plan, path, file, request.body);
    }
    request.parts.push_back({"input_reference", std::move(file)});
}

/// OpenAI's lists hold for OpenAI; who else knows the model may take more.
void tell_of_unusual_values(const VideoPlan& plan, const Json& body) {
    for (const char* name : {"size", "seconds"}) {
        const transport::ModelField* field =
            plan.known == nullptr ? nullptr : plan.known->field(name);
        const auto value = body.find(name);
        if (field == nullptr || field->choices.empty() || value == body.end()) {
            continue;
        }
        const std::string text = value->is_string() ? value->get<std::string>() : value->dump();
        if (std::ranges::find(field->choices, text) == field->choices.end()) {
            plan.story.warn(std::string(name) + " " + text + " is not among those of " +
                            plan.model);
        }
    }
}

}  // namespace

OpenAiForm openai_form(const VideoPlan& plan) {
    const Options& options = plan.options;
    refuse_options_of_fal(options);
    if (options.mode != Mode::text && !options.image) {
        throw Failure(std::string("--mode ") + name_of(options.mode) + " requires --image",
                      Failure::Form::verbatim);
    }
    const bool has_parts = options.input_reference || !options.videos.empty();
    if (has_parts && options.request_form == RequestForm::json) {
        throw Failure("--request-form json has no place for --input-reference and --video");
    }
    OpenAiForm form;
    VideoRequest& request = form.request;
    request.as_form = has_parts || options.request_form == RequestForm::multipart;
    request.body = plain_body(plan, request.as_form);
    if (options.image) {
        form.image = add_image(options, request);
    }
    merge(request.body, read_extra_json(options.remote));
    if (options.input_reference) {
        add_input_reference(plan, request);
    }
    if (!options.videos.empty()) {
        add_video(plan, request);
    }
    tell_of_unusual_values(plan, request.body);
    return form;
}

std::string shown_body(const VideoRequest& request) {
    std::string text = one_line_json(request.body);
    for (const transport::InlineFile& file : request.inline_files) {
        if (const auto place = text.find(file.token); place != std::string::npos) {
            text.replace(place, file.token.size(), "data:...");
        }
    }
    return transport::shorten_payloads(text);
}

}  // namespace editprep::tools::generate_video
