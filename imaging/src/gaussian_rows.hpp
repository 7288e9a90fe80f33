#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "editprep/imaging/geometry.hpp"
#include "row_sink.hpp"

namespace editprep::imaging {

/// gaussian_blur (gaussian.hpp), bit for bit, on rows that come one by one: some rows later they
/// leave again, blurred. Memory grows with sigma and width, not with the height; what is constant
/// along a row, and equal from row to row, costs next to nothing.
class GaussianRows {
public:
    /// @param size of the raster; `channels` interleaved bytes a pixel
    /// @param sigma_px more than zero, at most kMaxFeatherSigma
    GaussianRows(Size size, std::size_t channels, double sigma_px, RowSink sink);
    ~GaussianRows();
    GaussianRows(const GaussianRows&) = delete;
    GaussianRows& operator=(const GaussianRows&) = delete;

    /// The next row, packed, or a null pointer for the row before once more; to be called
    /// size.height times. The last call hands over everything that is left.
    void push(const std::uint8_t* row);

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace editprep::imaging
