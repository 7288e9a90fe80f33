#pragma once

#include <array>
#include <vector>

#include "backdrop/verdict.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// What tells solid parts of an object from hairs, ribs, spokes and meshes.
struct GapClues {
    const Image& picture;
    const WorkCopy& copy;
    /// The backdrop's light.
    const Planes& light;
    /// Standard deviation of a single pixel of the backdrop, per channel.
    const std::array<float, 3>& pixel_noise;
    const Grid<Verdict>& verdict;
    /// Cells that somebody says are the object's.
    const std::vector<Point>& object;
};

}  // namespace editprep::imaging
