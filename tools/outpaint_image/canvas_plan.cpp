#include "tools/outpaint_image/canvas_plan.hpp"

#include <cstdint>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::outpaint_image {
namespace {

using imaging::CanvasFill;
using imaging::CanvasOptions;

constexpr Choice<CanvasFill> kModes[] = {
    {"transparent", CanvasFill::transparent},
    {"blur", CanvasFill::blur},
    {"solid", CanvasFill::solid},
    {"mirror", CanvasFill::mirror},
};

imaging::Color parse_background(const std::string& text) {
    try {
        return imaging::parse_color(text);
    } catch (const imaging::Error&) {
        throw Failure("invalid --bg color: " + text, Failure::Form::verbatim);
    }
}

imaging::Margins sum_of_margins(const Options& options) {
    const auto sum = [&options](const char* option, int side) {
        const std::int64_t pixels = std::int64_t{side} + options.expand;
        if (!std::in_range<int>(pixels)) {
            throw Failure(std::string(option) + " and --expand add up to " +
                          std::to_string(pixels) + " pixels, which no picture has");
        }
        return static_cast<int>(pixels);
    };
    const imaging::Margins& sides = options.sides;
    return {sum("--left", sides.left), sum("--right", sides.right), sum("--top", sides.top),
            sum("--bottom", sides.bottom)};
}

/// Whatever is seen of the mirrored canvas under the fill, it continues the picture.
imaging::Image fill_new_area(const imaging::Image& picture, CanvasOptions plan,
                             const imaging::Fill& fill) {
    plan.fill = CanvasFill::mirror;
    const imaging::Canvas mirrored = imaging::expand_canvas(picture, plan);
    return imaging::fill_region(mirrored.image, mirrored.new_area, fill);
}

}  // namespace

CanvasOptions plan_canvas(const Options& options) {
    CanvasOptions plan;
    plan.margins = sum_of_margins(options);
    if (plan.margins == imaging::Margins{}) {
        throw Failure("specify at least one of --expand/--left/--right/--top/--bottom",
                      Failure::Form::verbatim);
    }
    plan.fill = options.mode;
    plan.blur_sigma_px = options.blur_sigma_px;
    if (options.mode == CanvasFill::solid) {
        plan.color = parse_background(options.background);
    }
    return plan;
}

LocalAnswer paint_locally(const imaging::Image& picture, const PaintedCanvas& painted,
                          const CanvasOptions& plan, const Options& options) {
    if (!options.settings.edit.fill) {
        return {painted.canvas.image, "canvas", name_of(options.mode), painted.file};
    }
    const imaging::Fill& fill = *options.settings.edit.fill;
    return {fill_new_area(picture, plan, fill), imaging::to_string(fill)};
}

std::string name_of(CanvasFill mode) { return tools::name_of(mode, kModes); }

void add_mode_option(CommandLine& line, CanvasFill& mode) {
    line.choice("--mode", mode, kModes,
                {.help = "What the new area shows to the model: transparent; blur = the picture, "
                         "enlarged and blurred; solid = one colour; mirror = the picture reflected "
                         "with the edge pixel repeated, again and again when a margin exceeds it"});
}

}  // namespace editprep::tools::outpaint_image
