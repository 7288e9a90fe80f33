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

/// @param selection with the background's mask
[[nodiscard]] LocalAnswer cut_out(const imaging::Image& picture,
                                  const imaging::Selection& selection, const imaging::Fill& fill,
                                  const CutoutGroup& options, const Story& story);

}  // namespace editprep::tools::object_select_edit
