#pragma once

#include <string>
#include <vector>

#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {

/// LoadedImage::notes for a picture with these facts.
/// @param profile_ignored its colour profile could not be applied
[[nodiscard]] std::vector<std::string> notes_on(const ImageInfo& info, bool profile_ignored);

}  // namespace editprep::imaging
