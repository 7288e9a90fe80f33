#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/mask.hpp"
#include "tools/shared/context.hpp"

/// Where masks go.
namespace editprep::tools {

/// The folder that was given, else the default one for masks.
[[nodiscard]] std::string mask_folder(const std::optional<std::string>& given,
                                      const Context& context);

/// Writes the mask as `<folder>/<prefix>_mask_<hex8>.png` and returns that path.
[[nodiscard]] std::string save_new_mask(const imaging::Mask& mask,
                                        const std::optional<std::string>& folder,
                                        const std::string& prefix, const Context& context);

}  // namespace editprep::tools
