#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "editprep/imaging/focus.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/shared/story.hpp"

/// --focus: which part of a picture goes to a model, and in what size.
namespace editprep::tools {

/// What the registry knows a model to like, within the limits of the field that its picture goes
/// into; what is not known is imaging's default.
/// @param model may be null
[[nodiscard]] imaging::FocusWishes focus_wishes(const transport::Model* model,
                                                const std::string& image_field);

/// The part for that mask, told to the story; nothing, and why, when the whole picture goes out.
[[nodiscard]] std::optional<imaging::FocusPlan> choose_focus(const imaging::Mask& mask,
                                                             const imaging::FocusPadding& padding,
                                                             const imaging::FocusWishes& wishes,
                                                             const Story& story);

/// Has the answer made in that size where the model lets its caller say so, and nobody did.
/// @param input an object of further fields
void ask_for_size(nlohmann::ordered_json& input, const transport::Model& model, imaging::Size size);

}  // namespace editprep::tools
