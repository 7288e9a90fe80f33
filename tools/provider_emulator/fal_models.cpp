#include "tools/provider_emulator/fal_models.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/imaging/resize.hpp"
#include "editprep/transport/data_uri.hpp"
#include "tools/provider_emulator/model_error.hpp"
#include "tools/provider_emulator/picture_maker.hpp"
#include "tools/provider_emulator/picture_size.hpp"
#include "tools/provider_emulator/picture_source.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using imaging::Image;
using imaging::Size;

constexpr Size kDefaultSize{1024, 768};
constexpr int kMaxImages = 4;
constexpr int kMaxMargin = 700;

bool mentions(const std::string& model, std::span<const std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return model.find(word) != std::string::npos; });
}

bool enlarges(const std::string& model) {
    return mentions(model, std::array<std::string_view, 3>{"upscale", "esrgan", "aura-sr"});
}

bool cuts_out(const std::string& model) {
    return mentions(model,
                    std::array<std::string_view, 3>{"birefnet", "rembg", "background/remove"});
}

bool outpaints(const std::string& model) {
    return mentions(model, std::array<std::string_view, 2>{"outpaint", "bria/expand"});
}

/// Models whose output has one `image` instead of `images`.
bool gives_one_image(const std::string& model) {
    return (enlarges(model) || cuts_out(model) ||
            mentions(model, std::array<std::string_view, 2>{"eraser", "bria/expand"})) &&
           !mentions(model, std::array<std::string_view, 1>{"object-removal"});
}

std::string text_of(const Json& input, const std::string& field, const std::string& otherwise) {
    const auto found = input.find(field);
    if (found == input.end() || found->is_null()) {
        return otherwise;
    }
    if (!found->is_string()) {
        refuse_field(field, "Input should be a valid string", "string_type");
    }
    return found->get<std::string>();
}

int integer_of(const Json& input, const std::string& field, int otherwise, int least, int most) {
    const auto found = input.find(field);
    if (found == input.end() || found->is_null()) {
        return otherwise;
    }
    if (!found->is_number_integer()) {
        refuse_field(field, "Input should be a valid integer", "int_type");
    }
    const auto value = found->get<std::int64_t>();
    if (value < least) {
        refuse_field(field, "Input should be greater than or equal to " + std::to_string(least),
                     "greater_than_equal", {{"ge", least}});
    }
    if (value > most) {
        refuse_field(field, "Input should be less than or equal to " + std::to_string(most),
                     "less_than_equal", {{"le", most}});
    }
    return static_cast<int>(value);
}

struct Reference {
    /// For `loc`: the field, with the index of an array's member.
    Json location;
    std::string url;
};

std::vector<Reference> image_references(const Json& input) {
    std::vector<Reference> references;
    if (input.contains("image_url")) {
        references.push_back({{"body", "image_url"}, text_of(input, "image_url", "")});
    }
    const Json several = input.value("image_urls", Json::array());
    if (!several.is_array()) {
        refuse_field("image_urls", "Input should be a valid list", "list_type");
    }
    for (std::size_t i = 0; i < several.size(); ++i) {
        if (!several[i].is_string()) {
            refuse({"body", "image_urls", i}, "Input should be a valid string", "string_type");
        }
        references.push_back({{"body", "image_urls", i}, several[i].get<std::string>()});
    }
    return references;
}

Image load(const FileStore& files, const Reference& reference, const std::string& base_url) {
    try {
        return decode_picture(fetch_reference(files, reference.url, base_url), "the picture").image;
    } catch (const PictureError& error) {
        const bool download = error.kind() == PictureError::Kind::download;
        refuse(reference.location, error.what(),
               download ? "file_download_error" : "image_load_error");
    }
}

/// The call with its fields read.
struct Order {
    std::string model;
    const Json& input;
    std::string prompt;
    std::int64_t seed = 0;
    std::vector<Image> pictures{};
    std::optional<imaging::Mask> mask{};
    std::optional<Size> size{};
    /// Give the picture back as it is.
    bool echo = false;
};

void check_kind(const Json& input, const std::string& model) {
    const bool other = mentions(model, std::array<std::string_view, 3>{"video", "tts", "speech"}) ||
                       input.contains("video_url") || input.contains("video_urls") ||
                       input.contains("audio_url");
    if (other) {
        const std::string message =
            "the emulator makes pictures, and clips for the video models that it knows";
        throw ModelError{message, message, "feature_not_supported"};
    }
}

std::optional<imaging::Mask> load_mask(const FileStore& files, const Json& input,
                                       const std::vector<Image>& pictures,
                                       const std::string& base_url) {
    for (const char* field : {"mask_url", "mask_image_url"}) {
        const std::string url = text_of(input, field, "");
        if (url.empty()) {
            continue;
        }
        if (pictures.empty()) {
            refuse_field("image_url", "Field required", "missing");
        }
        const Image mask = load(files, {{"body", field}, url}, base_url);
        if (mask.size() != pictures.front().size()) {
            refuse_field(field,
                         "The image and the mask must have the same size, got " +
                             imaging::to_string(pictures.front().size()) + " and " +
                             imaging::to_string(mask.size()),
                         "value_error");
        }
        // White edits; transparency means nothing to these models.
        return imaging::decode_mask(imaging::to_rgb(mask));
    }
    return std::nullopt;
}

Order read_order(const FileStore& files, const Json& input, const ModelCall& call) {
    check_kind(input, call.model);
    Order order{.model = call.model,
                .input = input,
                .prompt = text_of(input, "prompt", ""),
                .size = asked_size(input)};
    const std::vector<Reference> references = image_references(input);
    const bool edits = call.model.ends_with("/edit") || call.model.ends_with("image-to-image") ||
                       call.model.find("inpaint") != std::string::npos;
    if (order.prompt.empty() && (references.empty() || edits)) {
        refuse_field("prompt", "Field required", "missing");
    }
    if (edits && references.empty()) {
        refuse_field(call.model.ends_with("/edit") ? "image_urls" : "image_url", "Field required",
                     "missing");
    }
    for (const Reference& reference : references) {
        order.pictures.push_back(load(files, reference, call.base_url));
    }
    order.mask = load_mask(files, input, order.pictures, call.base_url);
    const Json seed = input.value("seed", Json(0));
    order.seed = seed.is_number_integer() ? seed.get<std::int64_t>() : 0;
    return order;
}

Image enlarged(const Order& order) {
    const char* field = order.input.contains("scale") ? "scale" : "upscale_factor";
    const int factor = integer_of(order.input, field, 2, 1, 8);
    const Size size = order.pictures.front().size();
    return imaging::resize(order.pictures.front(), {size.width * factor, size.height * factor},
                           imaging::ResizeKernel::bicubic);
}

imaging::Margins margins_of(const Order& order) {
    const Json& input = order.input;
    if (order.model.find("bria/expand") == std::string::npos) {
        return {.left = integer_of(input, "expand_left", 0, 0, kMaxMargin),
                .right = integer_of(input, "expand_right", 0, 0, kMaxMargin),
                .top = integer_of(input, "expand_top", 0, 0, kMaxMargin),
                .bottom = integer_of(input, "expand_bottom", 400, 0, kMaxMargin)};
    }
    const auto pair = [&](const char* field, Size otherwise) {
        const Json value = input.value(field, Json::array());
        const bool numbers = value.size() == 2 && value[0].is_number() && value[1].is_number();
        return numbers ? Size{value[0].get<int>(), value[1].get<int>()} : otherwise;
    };
    const Size size = order.pictures.front().size();
    const Size canvas = pair("canvas_size", size);
    const Size at = pair("original_image_location", {});
    return {.left = at.width,
            .right = canvas.width - at.width - size.width,
            .top = at.height,
            .bottom = canvas.height - at.height - size.height};
}

Image outpainted(const Order& order, const Brush& brush) {
    const imaging::Canvas canvas =
        imaging::expand_canvas(order.pictures.front(),
                               {.margins = margins_of(order), .fill = imaging::CanvasFill::mirror});
    return paint_region(imaging::to_rgb(canvas.image), canvas.new_area, brush);
}

Image paint(const Order& order, const Brush& brush) {
    if (order.pictures.empty()) {
        return draw_picture(order.size.value_or(kDefaultSize), brush);
    }
    const Image& picture = order.pictures.front();
    if (enlarges(order.model)) {
        return enlarged(order);
    }
    if (cuts_out(order.model)) {
        return cut_out(picture);
    }
    if (outpaints(order.model)) {
        return outpainted(order, brush);
    }
    Image painted = order.echo   ? picture
                    : order.mask ? paint_region(picture, *order.mask, brush)
                                 : repaint(picture, brush);
    return order.size ? imaging::resize(painted, *order.size) : painted;
}

std::string default_format(const std::string& model) {
    const bool flux = model.starts_with("fal-ai/flux/");
    return flux ? "jpeg" : "png";
}

Json file_object(FileStore& files, const PictureFile& picture, const ModelCall& call,
                 bool inlined) {
    const std::string name = "output." + picture.extension;
    std::string url;
    if (inlined) {
        url = transport::to_data_uri(std::as_bytes(std::span(picture.content)), picture.media_type);
    } else {
        StoredFile file{picture.content, picture.media_type};
        if (call.lifetime) {
            file.expires_at = std::chrono::steady_clock::now() + *call.lifetime;
        }
        url = call.base_url + files.add(std::move(file), name);
    }
    return {{"url", url},
            {"content_type", picture.media_type},
            {"file_name", name},
            {"file_size", picture.content.size()},
            {"width", picture.size.width},
            {"height", picture.size.height}};
}

Json output_of(const Order& order, Json images) {
    if (gives_one_image(order.model)) {
        return {{"image", images.front()}, {"seed", order.seed}};
    }
    Json output{{"images", std::move(images)}};
    if (order.model.starts_with("fal-ai/nano-banana")) {
        output["description"] = "";
        return output;
    }
    output["timings"] = {{"inference", 0.1}};
    output["seed"] = order.seed;
    output["has_nsfw_concepts"] = Json::array();
    for (std::size_t i = 0; i < output["images"].size(); ++i) {
        output["has_nsfw_concepts"].push_back(false);
    }
    output["prompt"] = order.prompt;
    return output;
}

}  // namespace

Json FalModels::run(const ModelCall& call) const {
    const auto input = parse_object(call.input);
    if (!input) {
        refuse({"body"}, "Input should be a valid dictionary", "dict_type");
    }
    if (call.fault && call.fault->kind == FaultKind::job_fails) {
        refuse_field("prompt", "The content could not be processed because it was flagged",
                     "content_policy_violation");
    }
    const transport::Model* model = registry_.find(call.model);
    return model != nullptr && model->category == "video" ? videos_.run(call, *model, *input)
                                                          : make_pictures(call, *input);
}

Json FalModels::make_pictures(const ModelCall& call, const Json& input) const {
    Order order = read_order(files_, input, call);
    order.echo = echo_;
    const std::string format = text_of(input, "output_format", default_format(call.model));
    const int count = integer_of(input, "num_images", 1, 1, kMaxImages);
    const bool inlined = input.value("sync_mode", Json(false)) == true;

    Json images = Json::array();
    for (int i = 0; i < count; ++i) {
        const Brush brush = brush_for(order.prompt, order.seed + i);
        const Image painted = paint(order, brush);
        PictureFile file = encode_picture(
            imaging::resize(painted, sent_size(painted.size(), call.fault, answer_size_)), format);
        if (call.fault && call.fault->kind == FaultKind::not_an_image) {
            file.content = "This is not a picture.\n";
        }
        images.push_back(file_object(files_, file, call, inlined));
    }
    return output_of(order, std::move(images));
}

ModelAnswer FalModels::call(const ModelCall& call) const {
    try {
        return {.body = run(call)};
    } catch (const ModelError& error) {
        return {422, {{"detail", error.detail}}, error.message, error.type};
    } catch (const imaging::Error& error) {
        return {422, {{"detail", error.what()}}, error.what(), "value_error"};
    } catch (const std::exception& error) {
        return {500, {{"detail", error.what()}}, error.what(), "internal_server_error"};
    }
}

}  // namespace editprep::tools::provider_emulator
