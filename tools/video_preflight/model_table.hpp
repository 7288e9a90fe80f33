#pragma once

#include <string>

#include "editprep/transport/model_registry.hpp"

/// What the models that take clips accept.
namespace editprep::tools::video_preflight {

/// For people: a row for each model.
[[nodiscard]] std::string model_table(const transport::ModelRegistry& models);

/// A list of objects, with `id` and `limits`.
[[nodiscard]] std::string models_json(const transport::ModelRegistry& models);

}  // namespace editprep::tools::video_preflight
