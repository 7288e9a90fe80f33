#pragma once

#include <array>
#include <cstdint>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// The colour of the four corner squares, from rows that come in order. Squares that overlap in a
/// small picture count twice where they do.
class CornerMean {
public:
    /// @param sample_size side of the squares, clamped to [1, min(width, height)]
    CornerMean(Size picture, Channels channels, int sample_size);

    /// Side of the squares.
    [[nodiscard]] int side() const noexcept { return side_; }
    void add_row(int y, const std::uint8_t* row);
    /// Per channel truncated; after row side() - 1.
    [[nodiscard]] Color of_top() const;
    /// Of all four, per channel truncated; after the last row.
    [[nodiscard]] Color of_all() const;

private:
    using Sums = std::array<std::int64_t, 3>;

    [[nodiscard]] Sums both_ends(const std::uint8_t* row) const;
    [[nodiscard]] Color mean(const Sums& sums, int squares) const;

    Size picture_;
    std::size_t channels_;
    int side_;
    Sums top_{};
    Sums bottom_{};
};

[[nodiscard]] Color corner_mean(const Image& image, int sample_size);

}  // namespace editprep::imaging
