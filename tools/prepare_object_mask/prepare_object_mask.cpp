#include "tools/prepare_object_mask/prepare_object_mask.hpp"

#include <filesystem>
#include <vector>

#include "tools/shared/command_line.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/selection_options.hpp"
#include "tools/workflow/edit_workflow.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

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

}  // namespace

Options parse(const Words& words) {
    Options options;
    SelectionGroup selection{options.mask.selection};
    CommandLine line("prepare_object_mask",
                     "Makes the mask of an object on a plain backdrop, or of a cut-out: white = "
                     "object. Prints the mask's path.");
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to look at", .placeholder = "FILE", .required = true});
    line.section("Selection");
    selection.add_to(line, "--mode");
    line.flag("--invert", options.mask.invert, {.help = "Select the background instead"});
    line.section("Mask");
    add_edge_options(line, options.mask.edges);
    line.number("--feather", options.mask.edges.feather_sigma_px, feather_text());
    line.section("Output");
    line.file("--out", options.out,
              {.help = "Where the mask goes; missing folders are made",
               .placeholder = "FILE",
               .default_text = "<name>_object_mask.png beside the picture"});
    options.output.add_to(line);
    line.parse(words);
    options.mask.selection = selection.values;
    return options;
}

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.output.quiet);
    const std::string out = options.out.value_or(beside(options.image));
    check_edges(options.mask.edges);
    check_files(options, out);

    const imaging::Image picture = load_picture(options.image, story);
    const imaging::Selection selection = make_object_mask(picture, options.mask, story);
    const imaging::Overwrite rule =
        options.out ? options.output.rule() : imaging::Overwrite::always;
    save_named_mask(out, selection.mask, rule, story);
    save_preview(options.output, picture, selection.mask, nullptr);
    context.out(display_path(out) + '\n');
}

}  // namespace editprep::tools::prepare_object_mask
