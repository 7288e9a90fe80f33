#pragma once

#include "backdrop/plane.hpp"
#include "editprep/imaging/image.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// The picture in cells of scale x scale pixels (fewer at the right and bottom edge), so that what
/// is decided about a cell is decided about exactly these pixels.
struct WorkCopy {
    /// Of the picture.
    Size full;
    int scale = 1;
    /// Mean colour of each cell; ceil(full / scale) cells.
    Planes mean;

    [[nodiscard]] Size size() const noexcept { return mean[0].size(); }
};

/// The picture is RGB. Chooses the scale so that there are at most some hundred thousand cells.
/// The result does not depend on the number of threads (at least 1).
[[nodiscard]] WorkCopy make_work_copy(const Image& picture, int threads = 1);

/// The same picture in cells of twice the side, each the mean of four. Where their number is odd
/// the last ones have two of their neighbour's, lest they be noisier than the others.
[[nodiscard]] WorkCopy coarser(const WorkCopy& copy);

/// Reads all rows, which are RGB and of which none has been read yet, into a picture of their size,
/// and makes its copy on the way, of pixels that are still in the cache. Throws damaged_image.
[[nodiscard]] WorkCopy read_with_copy(RowReader& rows, Image& picture);

}  // namespace editprep::imaging
