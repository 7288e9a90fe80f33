#include "tools/provider_emulator/openai_images.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/resize.hpp"
#include "editprep/transport/base64.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/openai_request.hpp"
#include "tools/provider_emulator/picture_maker.hpp"
#include "tools/provider_emulator/picture_size.hpp"
#include "tools/provider_emulator/picture_source.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using imaging::Image;
using imaging::Size;

// OpenAI's API reference, read 2026-08.
constexpr std::size_t kMaxImages = 16;
constexpr std::size_t kMaxImageBytes = 50'000'000;
constexpr std::size_t kMaxMaskBytes = 4'000'000;
constexpr std::size_t kMaxPromptBytes = 32'000;
constexpr int kMaxCount = 10;
constexpr int kMaxPartials = 3;
constexpr Size kDefaultSize{1024, 1024};
constexpr std::array<std::string_view, 3> kMediaTypes{"image/jpeg", "image/png", "image/webp"};
/// Lifetime of `url` answers.
constexpr std::chrono::minutes kLinkLifetime{60};

/// A request in either form, its fields as text.
struct Order {
    std::string model;
    std::string prompt;
    std::string size = "auto";
    std::string output_format = "png";
    std::string response_format;
    std::string quality = "auto";
    std::string background = "auto";
    int count = 1;
    int partial_images = 0;
    bool stream = false;
    std::vector<InputFile> images;
    std::optional<InputFile> mask;

    [[nodiscard]] bool is_gpt() const {
        return model.starts_with("gpt-image") || model.starts_with("chatgpt-image");
    }
};

void set_field(Order& order, const std::string& name, const std::string& value) {
    const std::array<std::pair<std::string_view, std::string*>, 7> texts{{
        {"model", &order.model},
        {"prompt", &order.prompt},
        {"size", &order.size},
        {"output_format", &order.output_format},
        {"response_format", &order.response_format},
        {"quality", &order.quality},
        {"background", &order.background},
    }};
    for (const auto& [known, field] : texts) {
        if (name == known) {
            *field = value;
        }
    }
    if (name == "n") {
        order.count = number_from(name, value, 1, kMaxCount);
    } else if (name == "partial_images") {
        order.partial_images = number_from(name, value, 0, kMaxPartials);
    } else if (name == "stream") {
        order.stream = value == "true";
    }
}

Order order_from_json(const FileStore& files, const httplib::Request& request) {
    const auto body = parse_object(request.body);
    if (!body) {
        throw Refusal{"The body of your request is not a JSON object", "", ""};
    }
    Order order;
    for (const auto& [name, value] : body->items()) {
        if (value.is_string()) {
            set_field(order, name, value.get<std::string>());
        } else if (value.is_number() || value.is_boolean()) {
            set_field(order, name, value.dump());
        }
    }
    const std::string base_url = base_url_of(request);
    const Json images = body->value("images", Json::array());
    if (!images.is_array()) {
        throw Refusal{"Invalid type for 'images': expected an array", "images", "invalid_type"};
    }
    for (const Json& image : images) {
        order.images.push_back(input_from(files, image, base_url, "images"));
    }
    if (const Json mask = body->value("mask", Json()); !mask.is_null()) {
        order.mask = input_from(files, mask, base_url, "mask");
    }
    return order;
}

Order order_from_form(const httplib::Request& request) {
    Order order;
    for (const auto& [name, part] : request.files) {
        if (name == "image" || name == "image[]") {
            order.images.push_back({part.content, part.content_type});
        } else if (name == "mask") {
            order.mask = InputFile{part.content, part.content_type};
        } else {
            set_field(order, name, part.content);
        }
    }
    return order;
}

imaging::LoadedImage load(const InputFile& file, const std::string& param, std::size_t max_bytes) {
    check_media_type(file, param, kMediaTypes);
    if (file.content.size() > max_bytes) {
        throw Refusal{"Invalid file '" + param + "': file is too large, the limit is " +
                          std::to_string(max_bytes) + " bytes",
                      param, "file_too_large"};
    }
    try {
        return decode_picture(file.content, param);
    } catch (const PictureError& error) {
        throw Refusal{std::string("Invalid image file: ") + error.what(), param,
                      "invalid_image_file"};
    }
}

/// The alpha channel alone counts: transparent means change.
imaging::Mask load_mask(const InputFile& file, Size size) {
    const imaging::LoadedImage loaded = load(file, "mask", kMaxMaskBytes);
    if (loaded.info.format != imaging::ImageFormat::png || !loaded.image.has_alpha()) {
        throw Refusal{"Invalid mask image format - mask image missing alpha channel", "mask",
                      "invalid_image_format"};
    }
    if (loaded.image.size() != size) {
        throw Refusal{"Invalid mask image format - mask size does not match image size", "mask",
                      "invalid_image_format"};
    }
    imaging::Mask mask(size);
    for (int y = 0; y < size.height; ++y) {
        const std::uint8_t* pixel = loaded.image.row(y);
        for (int x = 0; x < size.width; ++x) {
            mask.row(y)[x] = static_cast<std::uint8_t>(255 - pixel[4 * x + 3]);
        }
    }
    return mask;
}

bool takes_any_size(const Order& order) {
    return !order.is_gpt() || (order.model.starts_with("gpt-image-2"));
}

/// Nothing for `auto`.
std::optional<Size> size_of(const Order& order) {
    if (order.size == "auto") {
        return std::nullopt;
    }
    constexpr std::array<std::string_view, 3> kFixed{"1024x1024", "1536x1024", "1024x1536"};
    const auto size = parse_size(order.size);
    const bool fixed = std::ranges::find(kFixed, order.size) != kFixed.end();
    const bool free =
        size && takes_any_size(order) &&
        (!order.is_gpt() || (size->width % 16 == 0 && size->height % 16 == 0 &&
                             size->width <= 3 * size->height && size->height <= 3 * size->width));
    if (!fixed && !free) {
        throw Refusal{"Invalid value: '" + order.size +
                          "'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and "
                          "'auto'.",
                      "size", "invalid_value"};
    }
    return size;
}

void check(const Order& order, bool edits) {
    if (order.prompt.empty()) {
        throw Refusal{"Missing required parameter: 'prompt'.", "prompt",
                      "missing_required_parameter"};
    }
    if (order.prompt.size() > kMaxPromptBytes) {
        throw Refusal{"Invalid 'prompt': string too long", "prompt", "string_above_max_length"};
    }
    if (edits && order.images.empty()) {
        throw Refusal{"Missing required parameter: 'image'.", "image",
                      "missing_required_parameter"};
    }
    if (order.images.size() > kMaxImages) {
        throw Refusal{"Too many images: at most 16", "image", "invalid_value"};
    }
    if (order.is_gpt() && !order.response_format.empty()) {
        throw Refusal{"Unknown parameter: 'response_format'.", "response_format",
                      "unknown_parameter"};
    }
}

std::vector<PictureFile> make_pictures(const Order& order, const std::optional<Size>& answer_size,
                                       bool echo, const std::optional<Fault>& fault) {
    const auto size = size_of(order);
    std::vector<Image> sources;
    for (const InputFile& file : order.images) {
        sources.push_back(load(file, "image", kMaxImageBytes).image);
    }
    std::optional<imaging::Mask> mask;
    if (order.mask && !sources.empty()) {
        mask = load_mask(*order.mask, sources.front().size());
    }
    std::vector<PictureFile> pictures;
    for (int i = 0; i < order.count; ++i) {
        const Brush brush = brush_for(order.prompt, i);
        Image painted = sources.empty() ? draw_picture(size.value_or(kDefaultSize), brush)
                        : echo          ? sources.front()
                        : mask          ? paint_region(sources.front(), *mask, brush)
                                        : repaint(sources.front(), brush);
        const Size own = size.value_or(painted.size());
        painted = imaging::resize(painted, sent_size(own, fault, answer_size));
        pictures.push_back(encode_picture(painted, order.output_format));
        if (fault && fault->kind == FaultKind::not_an_image) {
            pictures.back().content = "This is not a picture.\n";
        }
    }
    return pictures;
}

std::string base64_of(const PictureFile& picture) {
    return transport::encode_base64(std::as_bytes(std::span(picture.content)));
}

Json facts_of(const Order& order, const PictureFile& picture) {
    return {{"background", order.background == "transparent" ? "transparent" : "opaque"},
            {"output_format", order.output_format},
            {"quality", order.quality == "auto" ? "medium" : order.quality},
            {"size", imaging::to_string(picture.size)}};
}

Json usage_of(const Order& order) {
    const std::size_t text = order.prompt.size() / 4 + 1;
    const std::size_t images = order.images.size() * 300;
    return {{"input_tokens", text + images},
            {"input_tokens_details", {{"text_tokens", text}, {"image_tokens", images}}},
            {"output_tokens", 1000},
            {"output_tokens_details", {{"text_tokens", 0}, {"image_tokens", 1000}}},
            {"total_tokens", text + images + 1000}};
}

Json body_of(FileStore& files, const Order& order, const std::vector<PictureFile>& pictures,
             const std::string& base_url) {
    const bool links = !order.is_gpt() && order.response_format != "b64_json";
    Json data = Json::array();
    for (const PictureFile& picture : pictures) {
        if (links) {
            StoredFile file{picture.content, picture.media_type,
                            std::chrono::steady_clock::now() + kLinkLifetime};
            data.push_back(
                {{"url", base_url + files.add(std::move(file), "img." + picture.extension)}});
        } else {
            data.push_back({{"b64_json", base64_of(picture)}});
        }
    }
    Json body{{"created", std::time(nullptr)}, {"data", std::move(data)}};
    if (order.is_gpt()) {
        body.update(facts_of(order, pictures.front()));
        body["usage"] = usage_of(order);
    }
    return body;
}

std::string event_text(const std::string& type, Json event) {
    event["type"] = type;
    return "event: " + type + "\ndata: " + event.dump() + "\n\n";
}

/// Partial pictures show the final one already.
std::vector<std::string> events_of(const Order& order, const PictureFile& picture, bool edits) {
    const std::string prefix = edits ? "image_edit." : "image_generation.";
    Json event = facts_of(order, picture);
    event["created_at"] = std::time(nullptr);
    event["b64_json"] = base64_of(picture);
    std::vector<std::string> events;
    for (int i = 0; i < order.partial_images; ++i) {
        Json partial = event;
        partial["partial_image_index"] = i;
        events.push_back(event_text(prefix + "partial_image", std::move(partial)));
    }
    event["usage"] = usage_of(order);
    events.push_back(event_text(prefix + "completed", std::move(event)));
    return events;
}

void send_events(httplib::Response& response, std::vector<std::string> events) {
    response.status = 200;
    response.set_chunked_content_provider(
        "text/event-stream", [events = std::move(events), next = std::size_t{0}](
                                 std::size_t, httplib::DataSink& sink) mutable {
            if (!sink.write(events[next].data(), events[next].size())) {
                return false;
            }
            if (++next == events.size()) {
                sink.done();
            }
            return true;
        });
}

}  // namespace

void OpenAiImages::handle(const httplib::Request& request, httplib::Response& response) {
    response.set_header("x-request-id", "req_" + new_id());
    if (!parts_.access.allow_openai(request, response)) {
        return;
    }
    const std::string_view path = path_of(request);
    const bool edits = path == "/v1/images/edits";
    if (!edits && path != "/v1/images/generations") {
        return answer_openai_error(
            response, 404, "Invalid URL (" + request.method + ' ' + std::string(path) + ')');
    }
    if (request.method != "POST") {
        return answer_openai_error(response, 405, "Not allowed to " + request.method + " here");
    }
    try {
        create(request, response, edits);
    } catch (const Refusal& refusal) {
        answer_refusal(response, refusal);
    } catch (const imaging::Error& error) {
        answer_openai_error(response, 400, error.what());
    }
}

void OpenAiImages::create(const httplib::Request& request, httplib::Response& response,
                          bool edits) {
    const Order order = request.is_multipart_form_data() ? order_from_form(request)
                                                         : order_from_json(parts_.files, request);
    check(order, edits);
    const auto fault = parts_.faults.take(FaultStage::work, request.method, path_of(request));
    if (fault && fault->kind == FaultKind::job_fails) {
        throw Refusal{"Your request was rejected by the safety system.", "", "moderation_blocked",
                      "image_generation_user_error"};
    }
    const auto pictures = make_pictures(order, answer_size_, echo_, fault);
    parts_.journal.accept_job(response.get_header_value("x-request-id"), order.model,
                              content_of(request));
    if (order.stream) {
        return send_events(response, events_of(order, pictures.front(), edits));
    }
    answer_json(response, 200, body_of(parts_.files, order, pictures, base_url_of(request)));
}

}  // namespace editprep::tools::provider_emulator
