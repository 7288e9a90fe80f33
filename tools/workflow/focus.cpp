#include "tools/workflow/focus.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace editprep::tools {
namespace {

using imaging::FocusWishes;
using transport::ModelField;
using transport::PixelSize;

/// Beyond it hardly anything is left out.
constexpr double kLittleGain = 0.9;
/// Below it nobody sees that shapes are not what they were.
constexpr double kVisibleStretch = 1.05;

std::vector<imaging::Size> to_sizes(const std::vector<PixelSize>& pairs) {
    std::vector<imaging::Size> sizes;
    for (const PixelSize& pair : pairs) {
        sizes.push_back({pair.width, pair.height});
    }
    return sizes;
}

/// The limits that both of a model's picture and its preference may state. Their names are the
/// same.
template <class Limits>
void narrow(FocusWishes& wishes, const Limits& limits) {
    wishes.min_side = std::max(wishes.min_side, limits.min_px.value_or(1));
    wishes.max_side = std::min(wishes.max_side, limits.max_px.value_or(wishes.max_side));
    wishes.min_pixels = std::max(wishes.min_pixels, limits.min_pixels.value_or(1));
    wishes.max_pixels = std::min(wishes.max_pixels, limits.max_pixels.value_or(wishes.max_pixels));
    wishes.min_aspect = std::max(wishes.min_aspect, limits.min_aspect.value_or(0.0));
    wishes.max_aspect = std::min(wishes.max_aspect, limits.max_aspect.value_or(wishes.max_aspect));
}

std::string shown(const imaging::Rect& crop) {
    return to_string(crop.size()) + " at " + std::to_string(crop.left) + "," +
           std::to_string(crop.top);
}

void tell(const imaging::FocusPlan& plan, imaging::Size picture, const Story& story) {
    const std::string sent = to_string(plan.sent_size);
    story.note("--focus sends " + shown(plan.crop) + " as " + sent);
    const double share = imaging::crop_share(plan, picture);
    if (share > kLittleGain) {
        story.note("--focus leaves out little: the part is " +
                   std::to_string(std::lround(share * 100)) + " % of the picture");
    }
    if (imaging::stretch_of(plan) > kVisibleStretch) {
        story.warn(
            "the picture has no room for a shape that the model likes: the part is "
            "stretched to " +
            sent + "; another --model may do better");
    }
}

}  // namespace

FocusWishes focus_wishes(const transport::Model* model, const std::string& image_field) {
    FocusWishes wishes;
    if (model == nullptr) {
        return wishes;
    }
    if (const auto& preferred = model->preferred_size) {
        wishes.sizes = to_sizes(preferred->sizes);
        wishes.shapes = to_sizes(preferred->aspects);
        wishes.pixels = preferred->pixels.value_or(wishes.pixels);
        wishes.max_pixels = preferred->max_pixels.value_or(wishes.max_pixels);
        wishes.multiple_of = preferred->multiple_of.value_or(wishes.multiple_of);
        narrow(wishes, *preferred);
    }
    if (const ModelField* field = model->field(image_field)) {
        narrow(wishes, *field);
    }
    wishes.max_pixels = std::max(wishes.max_pixels, wishes.min_pixels);
    wishes.pixels = std::clamp(wishes.pixels, wishes.min_pixels, wishes.max_pixels);
    return wishes;
}

std::optional<imaging::FocusPlan> choose_focus(const imaging::Mask& mask,
                                               const imaging::FocusPadding& padding,
                                               const FocusWishes& wishes, const Story& story) {
    const imaging::Rect selected = imaging::selected_bounds(mask);
    const auto plan = imaging::plan_focus(mask.size(), selected, padding, wishes);
    if (plan) {
        tell(*plan, mask.size(), story);
    } else {
        story.note(std::string("--focus has no effect: the mask ") +
                   (selected.empty() ? "selects nothing" : "reaches across the whole picture"));
    }
    return plan;
}

void ask_for_size(nlohmann::ordered_json& input, const transport::Model& model,
                  imaging::Size size) {
    const std::string name = model.preferred_size ? model.preferred_size->field : std::string();
    const ModelField* field = model.field(name);
    if (field == nullptr || input.contains(name)) {
        return;
    }
    if (field->type == transport::FieldType::object) {
        input[name] = {{"width", size.width}, {"height", size.height}};
    } else {
        input[name] = to_string(size);
    }
}

}  // namespace editprep::tools
