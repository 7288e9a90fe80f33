#pragma once

#include <string>

#include "editprep/transport/fal.hpp"
#include "tools/remote/fal_input.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools {

/// What a call goes to.
enum class FalCall { queue, synchronous };

/// The request that FalClient::submit or run would send: method and URL, a line for each header
/// (`Authorization: Key ***`), an empty line, the input as indented JSON with its payloads
/// shortened. What HTTP adds by itself (Host, Content-Length) is left out. Hidden, too, are the
/// values of headers of the user's own that are none of fal's, and the query of the webhook.
/// @param input see FalInput::describe_local_files
[[nodiscard]] std::string preview_fal_call(FalCall call, const std::string& model,
                                           const transport::FalCallOptions& options,
                                           const FalInput& input, const Environment& environment);

}  // namespace editprep::tools
