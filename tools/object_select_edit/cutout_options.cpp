#include "tools/object_select_edit/cutout_options.hpp"

#include <limits>

#include "editprep/imaging/error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::object_select_edit {
namespace {

constexpr Choice<ShadowUse> kShadowUses[] = {
    {"drop", ShadowUse::drop},
    {"keep", ShadowUse::keep},
};

/// Marketplaces ask for a little air around the product.
constexpr imaging::Padding kCanvasPadding{5, imaging::Padding::Unit::percent};

std::optional<int> parse_side(const std::string& text) {
    const auto side = parse_integer(text);
    const bool possible = side && *side > 0 && *side <= std::numeric_limits<int>::max();
    return possible ? std::optional(static_cast<int>(*side)) : std::nullopt;
}

imaging::Size parse_canvas(const std::string& text) {
    const auto cross = text.find('x');
    if (cross != std::string::npos) {
        const auto width = parse_side(text.substr(0, cross));
        const auto height = parse_side(text.substr(cross + 1));
        if (width && height) {
            return {*width, *height};
        }
    }
    throw UsageError("argument --canvas: invalid size: '" + text +
                     "' (expected WIDTHxHEIGHT in pixels, such as 2000x2000)");
}

imaging::Padding parse_padding(const std::string& text) {
    try {
        return imaging::parse_padding(text);
    } catch (const imaging::Error&) {
        throw UsageError("argument --padding: invalid padding: '" + text +
                         "' (expected pixels or percent, such as 40 or 5%)");
    }
}

}  // namespace

void CutoutGroup::add_to(CommandLine& line) {
    line.section("Cut-out (a new background by the local provider)");
    line.choice("--shadow", shadow, kShadowUses,
                {.help = "The object's shadow: drop it, or keep it as a soft dark layer on the new "
                         "background; to keep it takes a mask made by backdrop",
                 .addition = true});
    line.flag("--trim", trim, {.help = "Cut the result to the object", .addition = true});
    line.custom("--canvas", [this](const std::string& text) { canvas = parse_canvas(text); },
                {.help = "Centre the object on a canvas of that size, as large as it allows",
                 .placeholder = "WxH",
                 .addition = true});
    line.custom("--padding", [this](const std::string& text) { padding = parse_padding(text); },
                {.help = "Room around the object: pixels, or percent of its longer side with "
                         "--trim, of the canvas's shorter side with --canvas",
                 .placeholder = "PX|P%",
                 .default_text = "0; with --canvas 5%",
                 .addition = true});
}

std::string CutoutGroup::first_given() const {
    if (shadow == ShadowUse::keep) {
        return "--shadow keep";
    }
    if (canvas) {
        return "--canvas";
    }
    return trim ? "--trim" : "";
}

imaging::Placement CutoutGroup::plan(const imaging::Mask& matte,
                                     const imaging::Mask& shadow) const {
    if (canvas) {
        return imaging::plan_canvas(imaging::object_bounds(matte), matte.size(), *canvas,
                                    padding.value_or(kCanvasPadding));
    }
    return imaging::plan_trim(imaging::object_bounds(matte, shadow), matte.size(),
                              padding.value_or(imaging::Padding{}));
}

}  // namespace editprep::tools::object_select_edit
