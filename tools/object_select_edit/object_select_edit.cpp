#include "tools/object_select_edit/object_select_edit.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "tools/object_select_edit/cutout.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::object_select_edit {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommand = "object_select_edit";
constexpr const char* kPurpose =
    "Selects an object, or the background behind it, and edits that part of the picture.";
constexpr const char* kModeName = "--selection-mode";
/// What the older command did to every mask.
constexpr double kDefaultFeather = 8;

constexpr Choice<EditTarget> kTargets[] = {
    {"object", EditTarget::object},
    {"background", EditTarget::background},
};

/// The name has no random part, so every run replaces the file of the one before.
std::string base_mask_path(const Options& options, const Context& context) {
    const std::string name = options.settings.edit.prefix + "_base_object_mask.png";
    return join_path(mask_folder(options.mask_dir, context), name);
}

Json describe(const Options& options, const imaging::Selection& selection,
              const std::string& base_mask) {
    Json json;
    json["image"] = display_path(options.image);
    json["selection_mode"] = name_of(selection.mode_used);
    json["edit_target"] = name_of(options.target, kTargets);
    json["mask"] = base_mask;
    json["edited"] = nullptr;
    return json;
}

JsonObjectText members_of(const Json& json) {
    JsonObjectText text;
    for (const auto& member : json.items()) {
        text.add(member.key(), member.value());
    }
    return text;
}

/// What the older command's callers do not know stands behind what they do, and is left out where
/// nothing was judged or missed.
void add_judgement(const imaging::Selection& selection, JsonObjectText& text) {
    if (selection.confidence || !selection.doubts.empty()) {
        text.add("confidence", confidence_json(selection));
        text.add("doubts", doubts_json(selection));
    }
}

void print_prepared(Json json, const imaging::Selection& selection, const Options& options,
                    const Context& context) {
    if (!options.settings.edit.print_json) {
        context.out(json["mask"].get<std::string>() + '\n');
        return;
    }
    if (const auto preview = preview_path(options.settings.output)) {
        json["preview"] = *preview;
    }
    JsonObjectText text = members_of(json);
    add_judgement(selection, text);
    context.out(indented_json_text(text.text()) + '\n');
}

void print_edited(Json json, const imaging::Selection& selection, const EditSummary& summary,
                  const Options& options, const Context& context) {
    if (!options.settings.edit.print_json || !summary.done()) {
        print_edit(summary, options.settings.edit.print_json, "MASK_USED: " + *summary.mask + '\n',
                   context);
        return;
    }
    const std::string result = edit_json(summary);
    // A text that holds JSON: what callers of the older command parse.
    json["edited"] = indented_json_text(result);
    JsonObjectText text = members_of(json);
    text.add_text("result", result);
    add_judgement(selection, text);
    context.out(indented_json_text(text.text()) + '\n');
    finish(summary);
}

imaging::Fill fill_of(const Options& options) {
    imaging::Fill fill;
    fill.kind = options.target == EditTarget::background ? imaging::FillKind::solid
                                                         : imaging::FillKind::inpaint;
    return options.settings.edit.fill.value_or(fill);
}

/// A soft mask is the background's to the last grey; an object is better covered a little beyond
/// its edge.
double default_feather(const Options& options) {
    const bool exact = options.target == EditTarget::background && options.selection.is_soft();
    return exact || options.selection.values.hard ? 0 : kDefaultFeather;
}

/// A prepared mask says what is covered; an edit of the object itself is for all of it, glass or
/// not.
SelectionGroup selection_for(const Options& options) {
    SelectionGroup selection = options.selection;
    selection.values.silhouette = options.target == EditTarget::object && !options.prepare_only;
    return selection;
}

bool makes_cutout(const Options& options, const ProviderChoice& choice) {
    return choice.is_local() && options.target == EditTarget::background &&
           is_background(fill_of(options));
}

void check_cutout(const Options& options, const ProviderChoice& choice) {
    const std::string given = options.cutout.first_given();
    if (!given.empty() && !makes_cutout(options, choice)) {
        throw Failure(given +
                      " is for cut-outs: it needs --edit-target background, --provider local and "
                      "--fill white, black, a colour, transparent or blur");
    }
}

void warn_of_lone_padding(const Options& options, const Story& story) {
    if (options.cutout.padding && !options.cutout.moves_object()) {
        story.warn("--padding has no effect without --trim or --canvas");
    }
}

/// Whether the picture's own pixels end up beside those of another background: where the object
/// covers a pixel in part, the old background's share of its colour would show there.
bool shows_soft_edge(const Options& options, const ProviderChoice& choice) {
    const EditGroup& edit = options.settings.edit;
    return !choice.is_local() && options.target == EditTarget::background && !edit.no_composite &&
           !edit.no_download && !edit.remote.dry_run;
}

/// Whether the mask is the picture's own alpha, perhaps shaped.
bool is_own_alpha(const Options& options, const imaging::Selection& selection) {
    return options.selection.values.mode == imaging::SelectionMode::automatic &&
           selection.mode_used == imaging::SelectionMode::alpha;
}

void check_files(const Options& options, const std::string& base_mask) {
    require_existing(options.image, "image");
    std::vector<PlannedOutput> outputs{{"the base mask", base_mask, /*replaced_each_run=*/true}};
    add_preview(options.settings.output, outputs);
    check_outputs(outputs, std::vector{options.image}, options.settings.output.overwrite);
}

void declare(CommandLine& line, Options& options, std::optional<double>& feather) {
    OptionText feather_help = feather_text();
    feather_help.default_text =
        "8; 0 with --hard, and for a background with backdrop and auto, whose edges are soft by "
        "themselves";
    line.section("Input");
    line.text("--image", options.image,
              {.help = "Picture to edit", .placeholder = "FILE", .required = true});
    line.text(
        "--prompt", options.prompt,
        {.help = "What the edited part should show", .placeholder = "TEXT", .required = true});
    line.section("Selection");
    options.selection.add_to(line, kModeName);
    line.choice("--edit-target", options.target, kTargets, {.help = "The part to edit"});
    line.section("Mask");
    add_edge_options(line, options.edges);
    line.number("--feather", feather, feather_help);
    line.flag("--prepare-only", options.prepare_only,
              {.help = "Stop after the mask and print its path"});
    options.cutout.add_to(line);
    options.settings.edit.add_to(line, "inpaint; for a background white");
    line.text(
        "--mask-dir", options.mask_dir,
        {.help = "Folder of the masks", .placeholder = "DIR", .default_text = "ROOT/images/masks"});
    options.settings.output.add_to(line);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    std::optional<double> feather;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather);
    line.parse(words);
    options.edges.feather_sigma_px = feather.value_or(default_feather(options));
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    std::optional<double> feather;
    CommandLine line(kCommand, kPurpose);
    declare(line, options, feather);
    return line.known_options();
}

void check_plan(const Options& options, const ProviderChoice& choice, imaging::Size picture) {
    check_edges(options.edges);
    if (!options.prepare_only) {
        check_cutout(options, choice);
    }
    imaging::check_places(options.selection.for_picture(picture), picture);
}

void run(const Options& options, const Context& context) {
    const EditSettings& settings = options.settings;
    const Story story(context.err, settings.output.quiet);
    check_prefix(settings.edit.prefix);
    check_edges(options.edges);
    const std::string base_mask = base_mask_path(options, context);
    check_files(options, base_mask);

    const ProviderChoice choice = choose_provider(settings.edit.provider, context.environment);
    if (!options.prepare_only) {
        check_cutout(options, choice);
        warn_of_lone_padding(options, story);
    }

    const imaging::Image picture = load_picture(options.image, story);
    const bool invert = options.target == EditTarget::background;
    const imaging::Selection selection = make_object_mask(
        options.image, picture, {selection_for(options), {options.edges, invert}}, context, story);
    if (!options.prepare_only) {
        check_shadow(options.cutout, selection);
    }
    imaging::write_mask(base_mask, selection.mask, imaging::Overwrite::always);
    const Json description = describe(options, selection, base_mask);
    if (options.prepare_only) {
        save_preview(settings.output, picture, selection.mask, nullptr);
        print_prepared(description, selection, options, context);
        return;
    }

    // Another run with this prefix may replace the base mask while this one edits.
    const std::string mask_path =
        save_new_mask(selection.mask, options.mask_dir, settings.edit.prefix, context);
    const bool by_own_alpha = is_own_alpha(options, selection);
    const bool is_cleaned = shows_soft_edge(options, choice);
    const imaging::Image cleaned =
        !is_cleaned    ? imaging::Image{}
        : by_own_alpha ? imaging::to_rgb(picture)
                       : imaging::decontaminate(picture, imaging::invert(selection.mask));
    const EditRequest request{
        .source = picture,
        .kept = is_cleaned ? &cleaned : nullptr,
        .mask = selection.mask,
        .mask_path = mask_path,
        .prompt = options.prompt,
        .edit_locally =
            [&] {
                const imaging::Fill fill = fill_of(options);
                return makes_cutout(options, choice)
                           ? cut_out(object_of(picture, selection.mask, by_own_alpha), selection,
                                     fill, options.cutout, story)
                           : fill_locally(picture, selection.mask, fill);
            },
        .pictures = [&] { return std::vector{picture_file(options.image, picture)}; },
        .mask_to_send =
            [&](imaging::MaskEncoding encoding) {
                return mask_file(selection.mask, encoding, base_name(mask_path));
            },
    };
    print_edited(description, selection, run_edit(request, choice, settings, context, story),
                 options, context);
}

}  // namespace editprep::tools::object_select_edit
