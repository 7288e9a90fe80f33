#include "tools/outpaint_image/outpaint_image.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "tools/outpaint_image/canvas_plan.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::outpaint_image {
namespace {

using Json = nlohmann::ordered_json;
using imaging::Canvas;
using imaging::CanvasFill;
using imaging::CanvasOptions;
using imaging::Margins;

constexpr const char* kCommand = "outpaint_image";
constexpr const char* kPurpose =
    "Enlarges the canvas around a picture and has the new area painted.";

void add_canvas_options(CommandLine& line, Options& options) {
    line.section("Canvas");
    line.integer("--expand", options.expand,
                 {.help = "Pixels to add on every side", .placeholder = "PX"});
    line.integer(
        "--left", options.sides.left,
        {.help = "Pixels to add on the left; a negative number crops", .placeholder = "PX"});
    line.integer("--right", options.sides.right,
                 {.help = "The same on the right", .placeholder = "PX"});
    line.integer("--top", options.sides.top, {.help = "The same at the top", .placeholder = "PX"});
    line.integer("--bottom", options.sides.bottom,
                 {.help = "The same at the bottom", .placeholder = "PX"});
    add_mode_option(line, options.mode);
    line.text("--bg", options.background,
              {.help = "Colour of a solid canvas", .placeholder = "#RRGGBB[AA]"});
    line.integer("--blur-radius", options.blur_sigma_px,
                 {.help = "Sigma of the blur of a blurred canvas", .placeholder = "PX"});
    line.flag("--prepare-only", options.prepare_only,
              {.help = "Stop after the canvas and print its path", .addition = true});
}

void check_files(const Options& options) {
    require_existing(options.image, "image");
    std::vector<PlannedOutput> outputs;
    add_preview(options.settings.output, outputs);
    if (options.mask_out) {
        outputs.push_back({"--mask-out", *options.mask_out});
    }
    check_outputs(outputs, std::vector{options.image}, options.settings.output.overwrite);
}

std::string new_canvas_path(const Options& options, const Context& context) {
    const std::string folder =
        options.work_dir.value_or(default_output_folders(context.environment).outpaint_inputs);
    return new_file_path(folder, options.settings.edit.prefix + "_input", ".png");
}

std::optional<std::string> save_new_area(const imaging::Mask& new_area, const Options& options,
                                         const Story& story) {
    if (!options.mask_out) {
        return std::nullopt;
    }
    save_named_mask(*options.mask_out, new_area, options.settings.output.rule(), story);
    return display_path(*options.mask_out);
}

/// The picture where it will lie, around it nothing. Empty where nobody looks at it (only a preview
/// shows it) and where the canvas itself is just that.
imaging::Image picture_alone(const imaging::Image& picture, CanvasOptions plan,
                             const Options& options) {
    if (!options.settings.output.preview || plan.fill == CanvasFill::transparent) {
        return {};
    }
    plan.fill = CanvasFill::transparent;
    return imaging::expand_canvas(picture, plan).image;
}

void print_prepared(const Options& options, const std::string& canvas_path,
                    const std::optional<std::string>& mask_path, imaging::Size size,
                    const Margins& margins, const Context& context) {
    if (!options.settings.edit.print_json) {
        context.out(canvas_path + '\n');
        return;
    }
    Json json;
    json["image"] = display_path(options.image);
    json["prepared_input"] = canvas_path;
    json["mask"] = mask_path ? Json(*mask_path) : Json(nullptr);
    json["expand"] = {{"left", margins.left},
                      {"right", margins.right},
                      {"top", margins.top},
                      {"bottom", margins.bottom}};
    json["mode"] = name_of(options.mode);
    json["size"] = {size.width, size.height};
    if (const auto preview = preview_path(options.settings.output)) {
        json["preview"] = *preview;
    }
    context.out(indented_json(json) + '\n');
}

/// For a canvas that nobody looks at here: it goes from file to file and is never held.
void prepare_unseen(const Options& options, const CanvasOptions& plan, const Context& context,
                    const Story& story) {
    const std::string canvas_path = new_canvas_path(options, context);
    const imaging::WrittenCanvas written = imaging::write_canvas(
        options.image, canvas_path, plan, imaging::Overwrite::own_files,
        [&](const std::vector<std::string>& notes) { tell_notes(notes, options.image, story); });
    std::optional<std::string> mask_path;
    if (options.mask_out) {
        mask_path = save_new_area(imaging::new_area(written.size, written.picture), options, story);
    }
    print_prepared(options, canvas_path, mask_path, written.size, plan.margins, context);
}

std::string expand_line(const Margins& margins) {
    return "EXPAND: left=" + std::to_string(margins.left) +
           " right=" + std::to_string(margins.right) + " top=" + std::to_string(margins.top) +
           " bottom=" + std::to_string(margins.bottom) + '\n';
}

void declare(CommandLine& line, Options& options) {
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to enlarge", .placeholder = "FILE", .required = true});
    line.text("--prompt", options.prompt,
              {.help = "What the new area should show", .placeholder = "TEXT"});
    add_canvas_options(line, options);
    options.settings.edit.add_to(line, "the canvas as --mode paints it is the result",
                                 /*both_switches=*/false, /*takes_focus=*/false);
    line.text("--work-dir", options.work_dir,
              {.help = "Folder of the canvas",
               .placeholder = "DIR",
               .default_text = "ROOT/images/outpaint_inputs"});
    line.file("--mask-out", options.mask_out,
              {.help = "Also write the mask of the new area, white = new",
               .placeholder = "FILE",
               .addition = true});
    options.settings.output.add_to(line,
                                   "source, mask and result (with --prepare-only the canvas)");
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    line.parse(words);
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    return line.known_options();
}

void check_plan(const Options& options, imaging::Size picture) {
    static_cast<void>(imaging::canvas_size(picture, plan_canvas(options).margins));
}

void run(const Options& options, const Context& context) {
    const EditSettings& settings = options.settings;
    const Story story(context.err, settings.output.quiet);
    check_prefix(settings.edit.prefix);
    check_files(options);
    const CanvasOptions plan = plan_canvas(options);
    if (options.prepare_only && !settings.output.preview) {
        prepare_unseen(options, plan, context, story);
        return;
    }

    const imaging::Image picture = load_picture(options.image, story);
    PaintedCanvas painted{imaging::expand_canvas(picture, plan), {}};
    painted.file = imaging::encode_image(painted.canvas.image, imaging::ImageFormat::png);
    const Canvas& canvas = painted.canvas;
    const std::string canvas_path = new_canvas_path(options, context);
    imaging::write_file(canvas_path, painted.file, imaging::Overwrite::own_files);
    const auto mask_path = save_new_area(canvas.new_area, options, story);
    const imaging::Image alone = picture_alone(picture, plan, options);
    const imaging::Image& source = alone.empty() ? canvas.image : alone;
    if (options.prepare_only) {
        // An empty margin is seen around the source already.
        save_preview(settings.output, source, canvas.new_area,
                     alone.empty() ? nullptr : &canvas.image);
        print_prepared(options, canvas_path, mask_path, canvas.image.size(), plan.margins, context);
        return;
    }

    const ProviderChoice choice = choose_provider(settings.edit.provider, context.environment);
    const EditRequest request{
        .source = source,
        .mask = canvas.new_area,
        .mask_path = mask_path,
        .prompt = options.prompt,
        .edit_locally = [&] { return paint_locally(picture, painted, plan, options); },
        .pictures =
            [&] {
                JobFile file = unchanged_file(canvas_path);
                file.size = canvas.image.size();
                return std::vector{std::move(file)};
            },
        .mask_to_send =
            [&](imaging::MaskEncoding encoding) {
                return mask_file(canvas.new_area, encoding, settings.edit.prefix + "_mask.png");
            },
        .mask_for_fields_only = true,
    };
    print_edit(run_edit(request, choice, settings, context, story), settings.edit.print_json,
               "PREPARED_INPUT: " + canvas_path + '\n' + expand_line(plan.margins) +
                   "MODE: " + name_of(options.mode) + '\n',
               context);
}

}  // namespace editprep::tools::outpaint_image
