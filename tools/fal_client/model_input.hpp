#pragma once

#include <string>

#include "tools/fal_client/session.hpp"
#include "tools/remote/fal_input.hpp"

namespace editprep::tools::fal_client {

/// The object of an argument (read_json_argument). Throws Failure for any other text.
[[nodiscard]] FalInput read_input(const std::string& argument);

/// Tells what was found, as the older client did, and ends the command when there are errors,
/// unless they are to be skipped.
/// @param skipped what is done all the same: "sent"
void tell_findings(const Session& session, const transport::Validation& found, bool skip_validation,
                   const std::string& skipped);

/// Tells what validate_input and check_clips find, in the same way.
void check_input(const Session& session, const std::string& model_id, const transport::Model* model,
                 const FalInput& input, bool skip_validation);

}  // namespace editprep::tools::fal_client
