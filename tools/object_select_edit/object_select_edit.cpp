#include "tools/object_select_edit/object_select_edit.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/selection_options.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::object_select_edit {
namespace {

using Json = nlohmann::ordered_json;

constexpr Choice<EditTarget> kTargets[] = {
    {"object", EditTarget::object},
    {"background", EditTarget::background},
};

/// The name has no random part, so every run replaces the file of the one before.
std::string base_mask_path(const Options& options, const Context& context) {
    const std::string name = options.settings.edit.prefix + "_base_object_mask.png";
    return join_path(mask_folder(options.mask_dir, context), name);
}

Json describe(const Options& options, imaging::SelectionMode mode_used,
              const std::string& base_mask) {
    Json json;
    json["image"] = display_path(options.image);
    json["selection_mode"] = name_of(mode_used);
    json["edit_target"] = name_of(options.target, kTargets);
    json["mask"] = base_mask;
    json["edited"] = nullptr;
    return json;
}

void print_prepared(Json json, const Options& options, const Context& context) {
    if (!options.settings.edit.print_json) {
        context.out(json["mask"].get<std::string>() + '\n');
        return;
    }
    if (const auto preview = preview_path(options.settings.output)) {
        json["preview"] = *preview;
    }
    context.out(indented_json(json) + '\n');
}

void print_edited(Json json, const EditSummary& summary, const Options& options,
                  const Context& context) {
    if (!options.settings.edit.print_json || !summary.done()) {
        print_edit(summary, options.settings.edit.print_json, "MASK_USED: " + *summary.mask + '\n',
                   context);
        return;
    }
    const std::string result = edit_json(summary);
    JsonObjectText text;
    // A text that holds JSON: what callers of the older command parse.
    json["edited"] = indented_json_text(result);
    for (const auto& member : json.items()) {
        text.add(member.key(), member.value());
    }
    text.add_text("result", result);
    context.out(indented_json_text(text.text()) + '\n');
    finish(summary);
}

imaging::Fill default_fill(EditTarget target) {
    imaging::Fill fill;
    fill.kind =
        target == EditTarget::background ? imaging::FillKind::solid : imaging::FillKind::inpaint;
    return fill;
}

void check_files(const Options& options, const std::string& base_mask) {
    require_existing(options.image, "image");
    std::vector<PlannedOutput> outputs{{"the base mask", base_mask, /*replaced_each_run=*/true}};
    add_preview(options.settings.output, outputs);
    check_outputs(outputs, std::vector{options.image}, options.settings.output.overwrite);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    SelectionGroup selection;
    CommandLine line("object_select_edit",
                     "Selects an object, or the background behind it, and edits that part of the "
                     "picture.");
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to edit", .placeholder = "FILE", .required = true});
    line.text(
        "--prompt", options.prompt,
        {.help = "What the edited part should show", .placeholder = "TEXT", .required = true});
    line.section("Selection");
    selection.add_to(line, "--selection-mode");
    line.choice("--edit-target", options.target, kTargets, {.help = "The part to edit"});
    line.section("Mask");
    add_edge_options(line, options.edges);
    line.number("--feather", options.edges.feather_sigma_px, feather_text());
    line.flag("--prepare-only", options.prepare_only,
              {.help = "Stop after the mask and print its path"});
    options.settings.edit.add_to(line, "inpaint; for a background white");
    line.text(
        "--mask-dir", options.mask_dir,
        {.help = "Folder of the masks", .placeholder = "DIR", .default_text = "ROOT/images/masks"});
    options.settings.output.add_to(line);
    line.parse(words);
    options.selection = selection.values;
    return options;
}

void run(const Options& options, const Context& context) {
    const EditSettings& settings = options.settings;
    const Story story(context.err, settings.output.quiet);
    check_prefix(settings.edit.prefix);
    check_edges(options.edges);
    const std::string base_mask = base_mask_path(options, context);
    check_files(options, base_mask);

    const imaging::Image picture = load_picture(options.image, story);
    const bool invert = options.target == EditTarget::background;
    const imaging::Selection selection =
        make_object_mask(picture, {options.selection, options.edges, invert}, story);
    imaging::write_mask(base_mask, selection.mask, imaging::Overwrite::always);
    const Json description = describe(options, selection.mode_used, base_mask);
    if (options.prepare_only) {
        save_preview(settings.output, picture, selection.mask, nullptr);
        print_prepared(description, options, context);
        return;
    }

    // Another run with this prefix may replace the base mask while this one edits.
    const std::string mask_path =
        save_new_mask(selection.mask, options.mask_dir, settings.edit.prefix, context);
    const ProviderChoice choice = choose_provider(settings.edit.provider, context.environment);
    const imaging::Fill fill = settings.edit.fill.value_or(default_fill(options.target));
    const EditRequest request{
        .source = picture,
        .mask = selection.mask,
        .mask_path = mask_path,
        .prompt = options.prompt,
        .edit_locally = [&] { return fill_locally(picture, selection.mask, fill); },
        .pictures = [&] { return std::vector{picture_file(options.image, picture)}; },
        .mask_to_send =
            [&](imaging::MaskEncoding encoding) {
                return mask_file(selection.mask, encoding, base_name(mask_path));
            },
    };
    print_edited(description, run_edit(request, choice, settings, context, story), options,
                 context);
}

}  // namespace editprep::tools::object_select_edit
