#include "tools/object_select_edit/cutout.hpp"

#include <array>
#include <cstdio>

#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/selection_options.hpp"

namespace editprep::tools::object_select_edit {
namespace {

/// Enlarging by less is not seen.
constexpr double kVisiblyEnlarged = 1.15;

void note_scale(const imaging::Placement& placement, const Story& story) {
    if (placement.scale > kVisiblyEnlarged) {
        std::array<char, 32> times{};
        std::snprintf(times.data(), times.size(), "%.2f", placement.scale);
        story.note(std::string("the object was enlarged ") + times.data() +
                   " times and looks soft; a smaller --canvas keeps it sharp");
    }
}

}  // namespace

CutOutObject object_of(const imaging::Image& picture, const imaging::Mask& background,
                       bool by_own_alpha) {
    imaging::Mask matte = imaging::invert(background);
    if (!by_own_alpha) {
        return {picture, std::move(matte)};
    }
    imaging::Image object = imaging::to_rgba(picture);
    for (std::size_t i = 0; i < matte.bytes().size(); ++i) {
        object.bytes()[4 * i + 3] = matte.bytes()[i];
    }
    return {std::move(object), imaging::Mask(picture.size(), 255)};
}

void check_shadow(const CutoutGroup& options, const imaging::Selection& selection) {
    if (options.shadow == ShadowUse::keep && selection.plate.empty()) {
        throw Failure(
            "--shadow keep needs to know the backdrop's light, and the mask was made by " +
            name_of(selection.mode_used) + "; select with --selection-mode backdrop");
    }
}

LocalAnswer cut_out(const CutOutObject& object, const imaging::Selection& selection,
                    const imaging::Fill& fill, const CutoutGroup& options, const Story& story) {
    imaging::BackgroundOptions background{.fill = fill};
    if (options.shadow == ShadowUse::keep) {
        background.shadow =
            imaging::shadow_layer(object.picture, object.matte, selection.plate, selection.others);
    }
    if (!options.moves_object()) {
        return {imaging::replace_background(object.picture, object.matte, background),
                imaging::to_string(fill)};
    }
    const imaging::Placement placement =
        options.plan(imaging::invert(selection.mask), background.shadow);
    note_scale(placement, story);
    return {imaging::place_object(object.picture, object.matte, background, placement),
            imaging::to_string(fill)};
}

}  // namespace editprep::tools::object_select_edit
