#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask_file.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/selection_options.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools {

struct ObjectMaskOptions {
    SelectionGroup selection{};
    imaging::MaskPlan plan{};
};

/// What a user should know before a selection is used: warns when the alpha mode was asked for and
/// there is no alpha, and of doubts; a confidence below --min-confidence ends the command with exit
/// code 3.
/// @param path of the picture, which every line names
void judge_selection(const std::string& path, const imaging::SelectionFacts& selection,
                     bool has_alpha, const SelectionGroup& asked, const Context& context,
                     const Story& story);

/// Selects, judges, expands, shrinks, feathers, inverts. `mode_used` of the result is never
/// `automatic`.
/// @param path of the picture
[[nodiscard]] imaging::Selection make_object_mask(const std::string& path,
                                                  const imaging::Image& picture,
                                                  const ObjectMaskOptions& options,
                                                  const Context& context, const Story& story);

/// The confidence as it is shown and compared, with two decimals; null where there is none.
[[nodiscard]] nlohmann::ordered_json confidence_json(const imaging::SelectionFacts& selection);
/// `[{"reason": "nothing_found", "text": "nothing stands out from the backdrop"}]`
[[nodiscard]] nlohmann::ordered_json doubts_json(const imaging::SelectionFacts& selection);

}  // namespace editprep::tools
