#include "tools/object_select_edit/cutout.hpp"

#include <array>
#include <cstdio>

#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/selection_options.hpp"

namespace editprep::tools::object_select_edit {
namespace {

void note_scale(const imaging::Placement& placement, const Story& story) {
    if (placement.scale > 1) {
        std::array<char, 32> times{};
        std::snprintf(times.data(), times.size(), "%.2f", placement.scale);
        story.note(std::string("the object was enlarged ") + times.data() +
                   " times and looks soft; a smaller --canvas keeps it sharp");
    }
}

}  // namespace

void check_shadow(const CutoutGroup& options, const imaging::Selection& selection) {
    if (options.shadow == ShadowUse::keep && selection.plate.empty()) {
        throw Failure(
            "--shadow keep needs to know the backdrop's light, and the mask was made by " +
            name_of(selection.mode_used) + "; select with --selection-mode backdrop");
    }
}

LocalAnswer cut_out(const imaging::Image& picture, const imaging::Selection& selection,
                    const imaging::Fill& fill, const CutoutGroup& options, const Story& story) {
    const imaging::Mask matte = imaging::invert(selection.mask);
    imaging::BackgroundOptions background{.fill = fill};
    if (options.shadow == ShadowUse::keep) {
        background.shadow = imaging::shadow_layer(picture, matte, selection.plate);
    }
    if (!options.moves_object()) {
        return {imaging::replace_background(picture, matte, background), imaging::to_string(fill)};
    }
    const imaging::Rect object = imaging::object_bounds(matte, background.shadow);
    const imaging::Placement placement = options.plan(object, picture.size());
    note_scale(placement, story);
    return {imaging::place_object(picture, matte, background, placement), imaging::to_string(fill)};
}

}  // namespace editprep::tools::object_select_edit
