#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/mask_edges.hpp"

namespace editprep::tools {

struct ObjectMaskOptions {
    imaging::SelectionOptions selection;
    MaskEdges edges;
    /// Select the background instead; happens last.
    bool invert = false;
};

/// Selects, expands, shrinks, feathers, inverts. Warns when the alpha mode was asked for and there
/// is no alpha. `mode_used` of the result is never `automatic`.
[[nodiscard]] imaging::Selection make_object_mask(const imaging::Image& picture,
                                                  const ObjectMaskOptions& options,
                                                  const Story& story);

}  // namespace editprep::tools
