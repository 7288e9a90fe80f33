#include "tools/prepare_object_mask/prepare_object_mask.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "tools/prepare_object_mask/many_masks.hpp"
#include "tools/prepare_object_mask/mask_job.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/mask_edges.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

constexpr const char* kCommand = "prepare_object_mask";
constexpr const char* kPurpose =
    "Makes the mask of an object on a plain backdrop, or of a cut-out: white = object. Prints the "
    "mask's path.";
constexpr const char* kModeName = "--mode";
/// What the older command did to every mask.
constexpr double kDefaultFeather = 4;

/// What becomes part of the options once all words are read.
struct Given {
    Options options;
    std::optional<std::string> image;
    std::vector<std::string> further_images;
    std::optional<double> feather;
};

double default_feather(const SelectionGroup& selection) {
    return selection.is_soft() || selection.values.hard ? 0 : kDefaultFeather;
}

void settle(Given& given) {
    Options& options = given.options;
    options.images = std::move(given.further_images);
    if (given.image) {
        options.images.insert(options.images.begin(), *given.image);
    }
    options.mask.plan.edges.feather_sigma_px =
        given.feather.value_or(default_feather(options.mask.selection));

    if (options.images.empty()) {
        throw UsageError("the following arguments are required: --image (or FILE)");
    }
    if (options.out && options.out_dir) {
        throw UsageError("argument --out: not allowed with argument --out-dir");
    }
    const bool names_one = options.out || options.output.preview;
    if (options.images.size() > 1 && names_one) {
        throw UsageError(std::string("argument ") + (options.out ? "--out" : "--preview") +
                         ": it names the file of one picture, and there are several");
    }
}

void declare(CommandLine& line, Given& given) {
    Options& options = given.options;
    OptionText feather_help = feather_text();
    feather_help.default_text =
        "4; 0 with --hard, and with backdrop and auto, whose edges are soft by themselves";
    line.positionals(
        "FILE", given.further_images,
        "Pictures to look at, as many as needed, as many at once as there are --threads; "
        "paths are printed in this order, and one that fails does not stop the "
        "others");
    line.section("Input");
    line.text("--image", given.image, {.help = "Picture to look at", .placeholder = "FILE"});
    line.section("Selection");
    options.mask.selection.add_to(line, kModeName);
    line.flag("--invert", options.mask.plan.invert, {.help = "Select the background instead"});
    line.section("Mask");
    add_edge_options(line, options.mask.plan.edges);
    line.number("--feather", given.feather, feather_help);
    line.section("Output");
    line.file("--out", options.out,
              {.help = "Where the mask of one picture goes; missing folders are made",
               .placeholder = "FILE",
               .default_text = "<name>_object_mask.png in --out-dir"});
    line.file("--out-dir", options.out_dir,
              {.help = "Where masks go whose names are not given",
               .placeholder = "DIR",
               .default_text = "beside each picture",
               .addition = true});
    line.flag("--print-json", options.print_json,
              {.help = "Print one JSON document instead of the path: also the confidence and the "
                       "doubts, the bounds and the coverage of the mask, and the backdrop's "
                       "colour; of several pictures an array of them",
               .addition = true});
    options.output.add_to(line, "source and mask");
    line.rule([&given] { settle(given); });
}

}  // namespace

Options parse(const Words& words) {
    Given given;
    CommandLine line(kCommand, kPurpose);
    declare(line, given);
    line.parse(words);
    return std::move(given.options);
}

std::vector<KnownOption> known_options() {
    Given given;
    CommandLine line(kCommand, kPurpose);
    declare(line, given);
    return line.known_options();
}

void check_plan(const Options& options, imaging::Size picture) {
    check_edges(options.mask.plan.edges);
    imaging::check_places(options.mask.selection.for_picture(picture), picture);
}

void run(const Options& options, const Context& context) {
    check_edges(options.mask.plan.edges);
    if (options.images.size() > 1) {
        make_many_masks(options, context);
        return;
    }
    const MaskJob job = job_for(options.images.front(), options);
    const nlohmann::ordered_json made =
        make_mask(job, options, options.mask.selection.values.threads, context);
    context.out((options.print_json ? indented_json(made) : made["mask"].get<std::string>()) +
                '\n');
}

}  // namespace editprep::tools::prepare_object_mask
