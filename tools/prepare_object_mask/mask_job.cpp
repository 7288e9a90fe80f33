#include "tools/prepare_object_mask/mask_job.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_file.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/workflow/edit_workflow.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/saved_mask.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

using Json = nlohmann::ordered_json;

void check_files(const MaskJob& job, const Options& options) {
    require_existing(job.image, "image");
    std::vector<PlannedOutput> outputs;
    if (options.out) {
        outputs.push_back({"--out", job.out});
    } else {
        outputs.push_back({"the mask", job.out, /*replaced_each_run=*/true});
    }
    add_preview(options.output, outputs);
    check_outputs(outputs, std::vector{job.image}, options.output.overwrite);
}

struct Made {
    imaging::SelectionFacts selection;
    imaging::MaskFacts mask;
};

imaging::Overwrite rule_for(const Options& options) {
    return options.out ? options.output.rule() : imaging::Overwrite::always;
}

Made make_alone(const MaskJob& job, const Options& options, int threads, const Context& context,
                const Story& story) {
    imaging::ObjectMaskOptions plan{
        .selection = options.mask.selection.values,
        .plan = options.mask.plan,
    };
    plan.selection.threads = threads;
    const auto judge = [&](const imaging::ObjectMaskFacts& known) {
        tell_notes(known.notes, job.image, story);
        judge_selection(job.image, known.selection,
                        known.picture.channels == imaging::Channels::rgba, options.mask.selection,
                        context, story);
        warn_of_lossy_mask(job.out, story);
    };
    imaging::ObjectMaskFacts facts =
        imaging::write_object_mask(job.image, job.out, plan, rule_for(options), judge);
    return {std::move(facts.selection), facts.mask};
}

/// A preview needs picture and mask once more, and places may be given in percent of a picture that
/// can be read only once.
Made make_in_memory(const MaskJob& job, const Options& options, const Context& context,
                    const Story& story) {
    const imaging::Image picture = load_picture(job.image, story);
    imaging::Selection selection =
        make_object_mask(job.image, picture, options.mask, context, story);
    save_named_mask(job.out, selection.mask, rule_for(options), story);
    save_preview(options.output, picture, selection.mask, nullptr);
    const imaging::MaskFacts mask = imaging::facts_of(selection.mask);
    return {std::move(selection), mask};
}

/// `#RRGGBB`; null where nobody looked for a backdrop.
Json backdrop_json(const imaging::SelectionFacts& selection) {
    if (selection.mode_used == imaging::SelectionMode::alpha) {
        return nullptr;
    }
    const auto [red, green, blue, alpha] = selection.backdrop;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02X%02X%02X", red, green, blue);
    return text.data();
}

Json bounds_json(const imaging::Rect& bounds) {
    if (bounds.empty()) {
        return nullptr;
    }
    return {{"x", bounds.left},
            {"y", bounds.top},
            {"width", bounds.width()},
            {"height", bounds.height()}};
}

Json describe(const MaskJob& job, const Options& options, const imaging::SelectionFacts& selection,
              const imaging::MaskFacts& mask) {
    Json json;
    json["mask"] = display_path(job.out);
    json["image"] = display_path(job.image);
    json["selection_mode"] = name_of(selection.mode_used);
    json["confidence"] = confidence_json(selection);
    json["doubts"] = doubts_json(selection);
    json["bounds"] = bounds_json(mask.bounds);
    // With as many decimals as anybody reads.
    json["coverage"] = std::round(mask.coverage * 1e4) / 1e4;
    json["backdrop"] = backdrop_json(selection);
    if (const auto preview = preview_path(options.output)) {
        json["preview"] = *preview;
    }
    return json;
}

}  // namespace

MaskJob job_for(const std::string& image, const Options& options) {
    const std::filesystem::path path = display_path(image);
    const std::filesystem::path folder = options.out_dir.value_or(path.parent_path().string());
    return {image, options.out.value_or(folder / (path.stem().string() + "_object_mask.png"))};
}

Json make_mask(const MaskJob& job, const Options& options, int threads, const Context& context) {
    const Story story(context.err, options.output.quiet);
    check_files(job, options);
    const bool in_memory = options.output.preview || options.mask.selection.has_places();
    const auto [selection, mask] = in_memory ? make_in_memory(job, options, context, story)
                                             : make_alone(job, options, threads, context, story);
    return describe(job, options, selection, mask);
}

}  // namespace editprep::tools::prepare_object_mask
