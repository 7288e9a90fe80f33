#pragma once

#include "editprep/imaging/fill.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "tools/object_select_edit/cutout_options.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/local_provider.hpp"

/// An object before a background that needs no model.
namespace editprep::tools::object_select_edit {

/// True for the fills that stand behind an object; `inpaint` continues what is there.
[[nodiscard]] constexpr bool is_background(const imaging::Fill& fill) noexcept {
    return fill.kind != imaging::FillKind::inpaint;
}

/// Throws Failure where the object's shadow is wanted and nothing tells it from its backdrop.
void check_shadow(const CutoutGroup& options, const imaging::Selection& selection);

/// What is put before another background.
struct CutOutObject {
    imaging::Image picture;
    /// How much of each pixel the object covers, as far as the picture's alpha does not say it.
    imaging::Mask matte;
};

/// @param background the mask of what is not the object
/// @param by_own_alpha the mask was made from the picture's alpha: its colours are the object's own
/// already, and what it covers must not be taken twice
[[nodiscard]] CutOutObject object_of(const imaging::Image& picture, const imaging::Mask& background,
                                     bool by_own_alpha);

/// The object before the new background, moved as the options say; notes an enlargement.
/// @param selection of the background
[[nodiscard]] LocalAnswer cut_out(const CutOutObject& object, const imaging::Selection& selection,
                                  const imaging::Fill& fill, const CutoutGroup& options,
                                  const Story& story);

}  // namespace editprep::tools::object_select_edit
