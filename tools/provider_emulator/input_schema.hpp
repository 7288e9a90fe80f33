#pragma once

#include "editprep/transport/model_registry.hpp"
#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {

/// Holds a model's input against its schema as the service does: missing and unknown fields, types,
/// words, ranges, lengths, and what several fields may hold together. Files are not fetched. Throws
/// ModelError with every mistake there is.
void check_input(const transport::Model& model, const Json& input);

}  // namespace editprep::tools::provider_emulator
