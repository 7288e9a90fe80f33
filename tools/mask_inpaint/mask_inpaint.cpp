#include "tools/mask_inpaint/mask_inpaint.hpp"

#include <utility>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_file.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::mask_inpaint {
namespace {

constexpr const char* kCommand = "mask_inpaint";
constexpr const char* kPurpose =
    "Edits the regions of a picture that are named or masked, and leaves the rest as it is.";

void add_region_options(CommandLine& line, Options& options) {
    line.section("Region");
    line.texts("--region", options.regions,
               {.help = "A region to edit, as often as needed: rect:x:y:w:h, ellipse:x:y:w:h or "
                        "box:x1:y1:x2:y2 in pixels; rect-pct, ellipse-pct and box-pct in percent "
                        "of the picture",
                .placeholder = "KIND:A:B:C:D"});
    options.single_region.add_to(line);
}

std::vector<imaging::Region> parse_regions(const Options& options) {
    std::vector<imaging::Region> regions;
    if (auto single = options.single_region.region()) {
        regions.push_back(std::move(*single));
    }
    for (const std::string& text : options.regions) {
        regions.push_back(imaging::parse_region(text));
    }
    if (regions.empty()) {
        throw Failure(
            "provide either --mask, a legacy single region, or one or more --region specs",
            Failure::Form::verbatim);
    }
    return regions;
}

void warn_of_lone_ellipse(const SingleRegion& single, const Story& story) {
    if (single.ellipse && !single.region()) {
        story.warn("--ellipse has no effect without --x, --y, --width and --height");
    }
}

imaging::Mask adapt_mask(const Options& options, imaging::Size size, const Story& story) {
    imaging::Mask mask = load_mask(*options.mask, size, story);
    if (options.invert) {
        mask = imaging::invert(mask);
    }
    return shape_edges(std::move(mask), options.edges);
}

imaging::Mask draw_mask(const std::vector<imaging::Region>& regions, const Options& options,
                        imaging::Size size) {
    imaging::Mask mask = shape_edges(imaging::mask_from_regions(regions, size), options.edges);
    return options.invert ? imaging::invert(mask) : std::move(mask);
}

/// Nobody looks at the mask here, so it is never whole in memory.
void write_mask_only(const std::vector<imaging::Region>& regions, const Options& options,
                     const Context& context, const Story& story) {
    const imaging::Size size = load_picture_size(options.image, story);
    const std::string path = new_mask_path(options.mask_dir, options.settings.edit.prefix, context);
    imaging::write_region_mask(regions, size, {options.edges, options.invert}, path,
                               imaging::Overwrite::own_files);
    context.out(path + '\n');
}

void check_files(const Options& options) {
    std::vector<std::string> sources{options.image};
    require_existing(options.image, "image");
    if (options.mask) {
        require_existing(*options.mask, "mask");
        sources.push_back(*options.mask);
    }
    std::vector<PlannedOutput> outputs;
    add_preview(options.settings.output, outputs);
    check_outputs(outputs, sources, options.settings.output.overwrite);
}

void declare(CommandLine& line, Options& options, int& feather_px) {
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to edit", .placeholder = "FILE", .required = true});
    line.text("--prompt", options.prompt,
              {.help = "What the region should show", .placeholder = "TEXT", .required = true});
    line.file(
        "--mask", options.mask,
        {.help = "Ready mask, white = edit; regions are then ignored", .placeholder = "FILE"});
    add_region_options(line, options);
    line.section("Mask");
    add_edge_options(line, options.edges);
    line.integer("--feather", feather_px, feather_text());
    line.flag("--invert", options.invert,
              {.help = "Edit everything else: a drawn mask is inverted last, a given one first"});
    line.flag("--mask-only", options.mask_only,
              {.help = "Stop after the mask and print its path, also with --print-json"});
    options.settings.edit.add_to(line, "inpaint");
    line.text(
        "--mask-dir", options.mask_dir,
        {.help = "Folder of the mask", .placeholder = "DIR", .default_text = "ROOT/images/masks"});
    options.settings.output.add_to(line);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    int feather_px = static_cast<int>(options.edges.feather_sigma_px);
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather_px);
    line.parse(words);
    options.edges.feather_sigma_px = feather_px;
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    int feather_px = static_cast<int>(options.edges.feather_sigma_px);
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather_px);
    return line.known_options();
}

void check_plan(const Options& options, imaging::Size picture) {
    check_edges(options.edges);
    if (options.mask) {
        return;
    }
    for (const imaging::Region& region : parse_regions(options)) {
        static_cast<void>(imaging::place(region, picture));
    }
}

void run(const Options& options, const Context& context) {
    const EditSettings& settings = options.settings;
    const Story story(context.err, settings.output.quiet);
    check_prefix(settings.edit.prefix);
    check_edges(options.edges);
    check_files(options);
    std::vector<imaging::Region> regions;
    if (!options.mask) {
        warn_of_lone_ellipse(options.single_region, story);
        regions = parse_regions(options);
    }

    if (options.mask_only && !options.mask && !settings.output.preview) {
        write_mask_only(regions, options, context, story);
        return;
    }

    imaging::Image picture;
    if (!options.mask_only || settings.output.preview) {
        picture = load_picture(options.image, story);
    }
    const imaging::Size size =
        picture.empty() ? load_picture_size(options.image, story) : picture.size();
    const imaging::Mask mask =
        options.mask ? adapt_mask(options, size, story) : draw_mask(regions, options, size);
    const std::string mask_path =
        save_new_mask(mask, options.mask_dir, settings.edit.prefix, context);
    if (options.mask_only) {
        save_preview(settings.output, picture, mask, nullptr);
        context.out(mask_path + '\n');
        return;
    }

    const ProviderChoice choice = choose_provider(settings.edit.provider, context.environment);
    const imaging::Fill fill = settings.edit.fill.value_or(imaging::Fill{});
    const EditRequest request{
        .source = picture,
        .mask = mask,
        .mask_path = mask_path,
        .prompt = options.prompt,
        .edit_locally = [&] { return fill_locally(picture, mask, fill); },
        .pictures = [&] { return std::vector{picture_file(options.image, picture)}; },
        .mask_to_send =
            [&](imaging::MaskEncoding encoding) {
                return mask_file(mask, encoding, base_name(mask_path));
            },
    };
    print_edit(run_edit(request, choice, settings, context, story), settings.edit.print_json,
               "MASK_USED: " + mask_path + '\n', context);
}

}  // namespace editprep::tools::mask_inpaint
