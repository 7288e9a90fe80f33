#pragma once

#include <nlohmann/json_fwd.hpp>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/selection_options.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/mask_edges.hpp"

namespace editprep::tools {

struct ObjectMaskOptions {
    SelectionGroup selection{};
    MaskEdges edges{};
    /// Select the background instead; happens last.
    bool invert = false;
};

/// Selects, expands, shrinks, feathers, inverts. Warns when the alpha mode was asked for and there
/// is no alpha, and of doubts; a confidence below --min-confidence ends the command with exit code
/// 3. `mode_used` of the result is never `automatic`.
[[nodiscard]] imaging::Selection make_object_mask(const imaging::Image& picture,
                                                  const ObjectMaskOptions& options,
                                                  const Context& context, const Story& story);

/// The confidence as it is shown and compared, with two decimals; null where there is none.
[[nodiscard]] nlohmann::ordered_json confidence_json(const imaging::Selection& selection);
/// `[{"reason": "nothing_found", "text": "nothing stands out from the backdrop"}]`
[[nodiscard]] nlohmann::ordered_json doubts_json(const imaging::Selection& selection);

}  // namespace editprep::tools
