#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"

/// Where masks go, and how they get there.
namespace editprep::tools {

/// The folder that was given, else the default one for masks.
[[nodiscard]] std::string mask_folder(const std::optional<std::string>& given,
                                      const Context& context);

/// `<folder>/<prefix>_mask_<hex8>.png`, which does not exist yet.
[[nodiscard]] std::string new_mask_path(const std::optional<std::string>& folder,
                                        const std::string& prefix, const Context& context);

/// Writes the mask as `<folder>/<prefix>_mask_<hex8>.png` and returns that path.
[[nodiscard]] std::string save_new_mask(const imaging::Mask& mask,
                                        const std::optional<std::string>& folder,
                                        const std::string& prefix, const Context& context);

/// Warns of a format that changes a mask's values.
void warn_of_lossy_mask(const std::string& path, const Story& story);

/// Writes the mask where a user named it, in the format that the name asks for; warns of one that
/// changes its values.
void save_named_mask(const std::string& path, const imaging::Mask& mask, imaging::Overwrite rule,
                     const Story& story);

}  // namespace editprep::tools
