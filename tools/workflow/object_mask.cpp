#include "tools/workflow/object_mask.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "editprep/imaging/mask_edges.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double confidence) { return std::round(confidence * 100) / 100; }

std::string text_of(double number) { return Json(number).dump(); }

std::string reasons_of(const imaging::SelectionFacts& selection) {
    std::string reasons;
    for (const imaging::SelectionDoubt doubt : selection.doubts) {
        reasons += (reasons.empty() ? "" : "; ") + std::string(describe(doubt));
    }
    return reasons;
}

/// What is not known cannot be too little: `corner-bg` is refused on the command line.
void require_confidence(const std::string& path, const imaging::SelectionFacts& selection,
                        double least, const Context& context) {
    if (!selection.confidence || rounded(*selection.confidence) >= least) {
        return;
    }
    std::string reasons = reasons_of(selection);
    if (reasons.empty()) {
        reasons = "nothing speaks against it, but a little uncertainty is left";
    }
    context.err(
        "ERROR: " + one_line(display_path(path)) + ": the selection's confidence is " +
        text_of(rounded(*selection.confidence)) + ", less than --min-confidence " + text_of(least) +
        ": " + reasons +
        "; prepare_object_mask without --min-confidence writes the mask, to be looked at\n");
    throw ExitRequest{kLimitPassed};
}

void warn_of_doubts(const std::string& path, const imaging::SelectionFacts& selection,
                    const Story& story) {
    if (selection.doubts.empty()) {
        return;
    }
    const std::string confidence =
        selection.confidence ? " (confidence " + text_of(rounded(*selection.confidence)) + ')' : "";
    story.warn(display_path(path) + ": the selection may be wrong" + confidence + ": " +
               reasons_of(selection));
}

}  // namespace

void judge_selection(const std::string& path, const imaging::SelectionFacts& selection,
                     bool has_alpha, const SelectionGroup& asked, const Context& context,
                     const Story& story) {
    if (asked.min_confidence) {
        require_confidence(path, selection, *asked.min_confidence, context);
    }
    if (asked.values.mode == imaging::SelectionMode::alpha && !has_alpha) {
        story.warn("alpha mode was requested but the source image has no alpha channel: " +
                   display_path(path) + "; every pixel counts as opaque");
    } else {
        warn_of_doubts(path, selection, story);
    }
}

imaging::Selection make_object_mask(const std::string& path, const imaging::Image& picture,
                                    const ObjectMaskOptions& options, const Context& context,
                                    const Story& story) {
    imaging::Selection selection =
        imaging::select_object(picture, options.selection.for_picture(picture.size()));
    judge_selection(path, selection, picture.has_alpha(), options.selection, context, story);
    selection.mask = imaging::shape_edges(std::move(selection.mask), options.plan.edges);
    if (options.plan.invert) {
        selection.mask = imaging::invert(selection.mask);
    }
    return selection;
}

Json confidence_json(const imaging::SelectionFacts& selection) {
    return selection.confidence ? Json(rounded(*selection.confidence)) : Json(nullptr);
}

Json doubts_json(const imaging::SelectionFacts& selection) {
    Json doubts = Json::array();
    for (const imaging::SelectionDoubt doubt : selection.doubts) {
        doubts.push_back({{"reason", to_string(doubt)}, {"text", describe(doubt)}});
    }
    return doubts;
}

}  // namespace editprep::tools
