#pragma once

#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// A client of fal's queue, storage, registry and prices: the first word says what to do.
namespace editprep::tools::fal_client {

/// Errors are told within, so that the key can be kept out of them; what leaves is an ExitRequest.
void run(const Words& words, const Context& context);

}  // namespace editprep::tools::fal_client
