#include "tools/workflow/object_mask.hpp"

#include <utility>

#include "editprep/imaging/mask_morphology.hpp"

namespace editprep::tools {

imaging::Selection make_object_mask(const imaging::Image& picture, const ObjectMaskOptions& options,
                                    const Story& story) {
    if (options.selection.mode == imaging::SelectionMode::alpha && !picture.has_alpha()) {
        story.warn(
            "alpha mode was requested but the source image has no alpha channel; every pixel "
            "counts as opaque");
    }
    imaging::Selection selection = imaging::select_object(picture, options.selection);
    selection.mask = shape_edges(std::move(selection.mask), options.edges);
    if (options.invert) {
        selection.mask = imaging::invert(selection.mask);
    }
    return selection;
}

}  // namespace editprep::tools
