#pragma once

#include <cstddef>
#include <limits>

#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// Brightness across an edge at the picture's own size. In the copy a shadow's edge of a few pixels
/// is as narrow as an object's.
class EdgeProfile {
public:
    /// @param picture RGB
    EdgeProfile(const Image& picture, const WorkCopy& copy);

    /// Sum of the squared steps along a row (or column) from three cells before the edge between
    /// `cell` and the next one to three cells behind it. An edge of Gaussian blur adds its squared
    /// contrast by 3.5 times the deviation of the blur, in pixels of `pitch`; noise adds its own.
    /// A sum that has come to `enough` is not carried on.
    [[nodiscard]] float energy(std::size_t cell, bool along_row,
                               float enough = std::numeric_limits<float>::infinity()) const;

private:
    [[nodiscard]] float brightness(int x, int y) const;

    const Image& picture_;
    std::size_t cells_across_;
    int scale_;
    /// Side of the squares that are compared: single pixels unless cells are large.
    int pitch_;
};

}  // namespace editprep::imaging
