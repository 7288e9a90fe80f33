#pragma once

#include <string>

#include "editprep/transport/model_registry.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools {

/// The built-in models, and the user's own: those of the file $EDITPREP_MODELS, else of
/// editprep/models.json in $XDG_CONFIG_HOME or ~/.config where there is one. Throws
/// transport::Error for a file that cannot be used.
[[nodiscard]] transport::ModelRegistry known_models(const Environment& environment);

/// The same where one of them is asked for; it may come without the others.
[[nodiscard]] transport::ModelRegistry known_models(const Environment& environment,
                                                    const std::string& id);

}  // namespace editprep::tools
