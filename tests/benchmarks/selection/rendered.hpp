#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "composite.hpp"

namespace editprep::benchmarks {

/// What rendered pictures are filed under.
inline constexpr std::string_view kRenderedClass = "rendered";

/// Scenes of a folder that render.sh filled: `<scene>.png` beside `<scene>_cutout.png`, whose alpha
/// is the true cover. In the order of their names.
[[nodiscard]] std::vector<std::string> rendered_scenes(const std::filesystem::path& folder);

/// The scene as a camera would have taken it, with noise and JPEG.
[[nodiscard]] Composite load_rendered(const std::filesystem::path& folder,
                                      const std::string& scene);

}  // namespace editprep::benchmarks
