#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "editprep/transport/model_registry.hpp"
#include "tools/generate_video/generate_video.hpp"

/// The input of fal's models: each option goes to the field that the model has for it.
namespace editprep::tools::generate_video {

/// What to ask when nobody named a model, by what is attached.
[[nodiscard]] const char* default_fal_model(const Options& options) noexcept;

/// The model with the fields that inputs usually have, where its own are not all known: files in
/// these are found and sent. Of a closed schema the model itself.
/// @param known what the registry knows; may be null
[[nodiscard]] transport::Model schema_for(const transport::Model* known, const std::string& id);

struct FalForm {
    /// Local files are there by their names.
    nlohmann::ordered_json values;
    /// Where --image went.
    std::string image_field{};
};

/// Throws Failure for options that the model has no field for, naming the fields that it has.
[[nodiscard]] FalForm fal_form(const Options& options, const std::string& prompt,
                               const transport::Model* known, const std::string& id);

}  // namespace editprep::tools::generate_video
