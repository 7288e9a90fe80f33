#include "tools/prepare_object_mask/prepare_object_mask.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "tools/shared/command_line.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/edit_workflow.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommand = "prepare_object_mask";
constexpr const char* kPurpose =
    "Makes the mask of an object on a plain backdrop, or of a cut-out: white = object. Prints the "
    "mask's path.";
constexpr const char* kModeName = "--mode";
/// What the older command did to every mask.
constexpr double kDefaultFeather = 4;

std::string beside(const std::string& image) {
    const std::filesystem::path path = display_path(image);
    return path.parent_path() / (path.stem().string() + "_object_mask.png");
}

void check_files(const Options& options, const std::string& out) {
    require_existing(options.image, "image");
    std::vector<PlannedOutput> outputs;
    if (options.out) {
        outputs.push_back({"--out", out});
    } else {
        outputs.push_back({"the mask", out, /*replaced_each_run=*/true});
    }
    add_preview(options.output, outputs);
    check_outputs(outputs, std::vector{options.image}, options.output.overwrite);
}

double default_feather(const SelectionGroup& selection) {
    return selection.is_soft() || selection.values.hard ? 0 : kDefaultFeather;
}

/// `#RRGGBB`; null where nobody looked for a backdrop.
Json backdrop_json(const imaging::Selection& selection) {
    if (selection.mode_used == imaging::SelectionMode::alpha) {
        return nullptr;
    }
    const auto [red, green, blue, alpha] = selection.backdrop;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02X%02X%02X", red, green, blue);
    return text.data();
}

/// Of the picture, with as many decimals as anybody reads.
double coverage_of(const imaging::Mask& mask) {
    return std::round(imaging::coverage_fraction(mask) * 1e4) / 1e4;
}

Json describe(const Options& options, const std::string& out, const imaging::Selection& selection) {
    const imaging::Rect bounds = imaging::selected_bounds(selection.mask);
    Json json;
    json["mask"] = display_path(out);
    json["image"] = display_path(options.image);
    json["selection_mode"] = name_of(selection.mode_used);
    json["confidence"] = confidence_json(selection);
    json["doubts"] = doubts_json(selection);
    json["bounds"] = nullptr;
    if (!bounds.empty()) {
        json["bounds"] = {{"x", bounds.left},
                          {"y", bounds.top},
                          {"width", bounds.width()},
                          {"height", bounds.height()}};
    }
    json["coverage"] = coverage_of(selection.mask);
    json["backdrop"] = backdrop_json(selection);
    if (const auto preview = preview_path(options.output)) {
        json["preview"] = *preview;
    }
    return json;
}

void declare(CommandLine& line, Options& options, std::optional<double>& feather) {
    OptionText feather_help = feather_text();
    feather_help.default_text =
        "4; 0 with --hard, and with backdrop and auto, whose edges are soft by themselves";
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to look at", .placeholder = "FILE", .required = true});
    line.section("Selection");
    options.mask.selection.add_to(line, kModeName);
    line.flag("--invert", options.mask.invert, {.help = "Select the background instead"});
    line.section("Mask");
    add_edge_options(line, options.mask.edges);
    line.number("--feather", feather, feather_help);
    line.section("Output");
    line.file("--out", options.out,
              {.help = "Where the mask goes; missing folders are made",
               .placeholder = "FILE",
               .default_text = "<name>_object_mask.png beside the picture"});
    line.flag("--print-json", options.print_json,
              {.help = "Print one JSON document instead of the path: also the confidence and the "
                       "doubts, the bounds and the coverage of the mask, and the backdrop's colour",
               .addition = true});
    options.output.add_to(line);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    std::optional<double> feather;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather);
    line.parse(words);
    options.mask.edges.feather_sigma_px = feather.value_or(default_feather(options.mask.selection));
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    std::optional<double> feather;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather);
    return line.known_options();
}

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.output.quiet);
    const std::string out = options.out.value_or(beside(options.image));
    check_edges(options.mask.edges);
    check_files(options, out);

    const imaging::Image picture = load_picture(options.image, story);
    const imaging::Selection selection = make_object_mask(picture, options.mask, context, story);
    const imaging::Overwrite rule =
        options.out ? options.output.rule() : imaging::Overwrite::always;
    save_named_mask(out, selection.mask, rule, story);
    save_preview(options.output, picture, selection.mask, nullptr);
    const std::string shown =
        options.print_json ? indented_json(describe(options, out, selection)) : display_path(out);
    context.out(shown + '\n');
}

}  // namespace editprep::tools::prepare_object_mask
