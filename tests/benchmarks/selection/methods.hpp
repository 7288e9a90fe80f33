#pragma once

#include <functional>
#include <string>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::benchmarks {

/// One way to select the object of a picture.
struct Method {
    /// What `--methods` calls it.
    std::string name;
    /// What tables call it.
    std::string title;
    /// Same size as the picture.
    std::function<imaging::Mask(const imaging::Image&)> select;
};

/// Ours first, then the baselines.
[[nodiscard]] const std::vector<Method>& all_methods();

}  // namespace editprep::benchmarks
