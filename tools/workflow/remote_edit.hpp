#pragma once

#include "tools/workflow/edit_workflow.hpp"

namespace editprep::tools {

/// run_edit by a provider across the network.
[[nodiscard]] EditSummary edit_remotely(const EditRequest& request, const ProviderChoice& choice,
                                        const EditSettings& settings, const Context& context,
                                        const Story& story);

}  // namespace editprep::tools
