#include "tools/workflow/object_mask.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double confidence) { return std::round(confidence * 100) / 100; }

std::string text_of(double number) { return Json(number).dump(); }

std::string reasons_of(const imaging::Selection& selection) {
    std::string reasons;
    for (const imaging::SelectionDoubt doubt : selection.doubts) {
        reasons += (reasons.empty() ? "" : "; ") + std::string(describe(doubt));
    }
    return reasons;
}

/// What is not known cannot be too little: `corner-bg` is refused on the command line.
void require_confidence(const imaging::Selection& selection, double least, const Context& context) {
    if (!selection.confidence || rounded(*selection.confidence) >= least) {
        return;
    }
    const std::string reasons = reasons_of(selection);
    context.err("ERROR: the selection's confidence is " + text_of(rounded(*selection.confidence)) +
                ", less than --min-confidence " + text_of(least) +
                (reasons.empty() ? "" : ": " + reasons) + '\n');
    throw ExitRequest{kLimitPassed};
}

void warn_of_doubts(const imaging::Selection& selection, const Story& story) {
    if (!selection.doubts.empty() && selection.confidence) {
        story.warn("the selection may be wrong (confidence " +
                   text_of(rounded(*selection.confidence)) + "): " + reasons_of(selection));
    }
}

}  // namespace

imaging::Selection make_object_mask(const imaging::Image& picture, const ObjectMaskOptions& options,
                                    const Context& context, const Story& story) {
    const bool alpha_missing =
        options.selection.values.mode == imaging::SelectionMode::alpha && !picture.has_alpha();
    imaging::Selection selection =
        imaging::select_object(picture, options.selection.for_picture(picture.size()));
    if (options.selection.min_confidence) {
        require_confidence(selection, *options.selection.min_confidence, context);
    }
    if (alpha_missing) {
        story.warn(
            "alpha mode was requested but the source image has no alpha channel; every pixel "
            "counts as opaque");
    } else {
        warn_of_doubts(selection, story);
    }
    selection.mask = shape_edges(std::move(selection.mask), options.edges);
    if (options.invert) {
        selection.mask = imaging::invert(selection.mask);
    }
    return selection;
}

Json confidence_json(const imaging::Selection& selection) {
    return selection.confidence ? Json(rounded(*selection.confidence)) : Json(nullptr);
}

Json doubts_json(const imaging::Selection& selection) {
    Json doubts = Json::array();
    for (const imaging::SelectionDoubt doubt : selection.doubts) {
        doubts.push_back({{"reason", to_string(doubt)}, {"text", describe(doubt)}});
    }
    return doubts;
}

}  // namespace editprep::tools
