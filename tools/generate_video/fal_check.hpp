#pragma once

#include <string>
#include <vector>

#include "editprep/transport/model_registry.hpp"
#include "tools/generate_video/video_call.hpp"
#include "tools/remote/fal_input.hpp"

/// What is looked at before anything is uploaded or paid for.
namespace editprep::tools::generate_video {

/// The input against its model, with all that is attached: fields, clips, pictures, sound and what
/// the prompt says of them. Warnings and notes are told. Throws Failure with everything that is
/// wrong at once.
/// @param schema see schema_for
void check_fal_input(const FalInput& input, const transport::Model& schema, const VideoPlan& plan);

/// What a prompt and the attachments do not have in common, though nothing refuses it: something
/// attached that is never mentioned, something mentioned that the model does not know.
[[nodiscard]] std::vector<std::string> prompt_warnings(const transport::Model& model,
                                                       const nlohmann::ordered_json& values);

/// From the registry; where it has a price by the second and the input states no length, by that of
/// the clips that go in. Nothing when that does not tell.
[[nodiscard]] std::optional<transport::PriceEstimate> price_of(const transport::Model* known,
                                                               const FalInput& input);

}  // namespace editprep::tools::generate_video
