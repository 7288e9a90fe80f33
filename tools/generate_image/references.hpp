#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "editprep/transport/model_registry.hpp"
#include "tools/generate_image/generate_image.hpp"
#include "tools/shared/context.hpp"
#include "tools/workflow/provider_choice.hpp"
#include "tools/workflow/remote_call.hpp"

/// Reference pictures on their way into the request for a picture.
namespace editprep::tools::generate_image {

/// One of fal's models with `edit.image` as the field that its references go to: the one that their
/// key names, else what the model has, else what models of unknown fields usually have. Throws
/// Failure, naming models that take references, for a model that takes none, unless
/// `skip_validation`.
[[nodiscard]] transport::Model reference_model(const Options& options, const std::string& model_id,
                                               const transport::ModelRegistry& registry,
                                               const Story& story);

/// The model refuses every request without references.
[[nodiscard]] bool needs_references(const transport::Model& model);

/// A request to fal with its references, small ones inside the JSON and others uploaded first.
/// Throws Failure for pictures beyond the model's limits of count, size and format, unless
/// `skip_validation`.
/// @param body  everything else
/// @param model see reference_model
[[nodiscard]] PlannedCall plan_fal_references(const Options& options, nlohmann::ordered_json body,
                                              const transport::Model& model, const Context& context,
                                              const Story& story);

/// A request to an OpenAI-compatible provider: the references are data URLs in a member of the
/// JSON, made while it is sent. Throws Failure where --extra-json has that member too, or asks for
/// an answer in events.
[[nodiscard]] PlannedCall plan_openai_references(const Options& options,
                                                 const RemoteProvider& provider,
                                                 const std::string& model_id,
                                                 nlohmann::ordered_json body, const Story& story);

}  // namespace editprep::tools::generate_image
