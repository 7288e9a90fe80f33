#pragma once

#include <filesystem>
#include <vector>

#include "composite.hpp"

namespace editprep::benchmarks {

/// Pictures of a folder with their true cover: `<class>_<number>.jpg` or `.png`, each beside
/// `<class>_<number>_truth.png`, whose values are the share of the pixel that the object covers,
/// 0 to 255. What has no truth is no such picture. In the order of their names.
[[nodiscard]] std::vector<std::filesystem::path> judged_pictures(
    const std::filesystem::path& folder);

/// @param picture one of judged_pictures
/// @throws imaging::Error if the picture or its truth cannot be read or differ in size
[[nodiscard]] Composite load_judged(const std::filesystem::path& picture);

}  // namespace editprep::benchmarks
