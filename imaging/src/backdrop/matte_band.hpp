#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/cell_labels.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Columns left <= x < right of a row of pixels.
struct BandRun {
    int left = 0;
    int right = 0;
};

/// Where the undecided pixels are. Neighbouring ones are taken together with the few decided
/// pixels between them, as long runs are quicker to work on.
class UndecidedBand {
public:
    UndecidedBand(const WorkCopy& copy, const CellLabels& labels);

    /// The runs of pixel row y.
    [[nodiscard]] const std::vector<BandRun>& runs(int y) const noexcept {
        return runs_[static_cast<std::size_t>(y / scale_)];
    }
    /// For every pixel of row y: 1 where it is undecided, else 0.
    [[nodiscard]] const std::uint8_t* undecided(int y) const noexcept {
        return undecided_.row(y / scale_);
    }

    /// How many pixels all runs of all rows have.
    [[nodiscard]] std::size_t pixels() const noexcept { return pixels_; }
    /// How many of them come before the first run of row y, in reading order.
    [[nodiscard]] std::size_t pixels_before(int y) const noexcept {
        const auto row = static_cast<std::size_t>(y / scale_);
        return before_[row] + static_cast<std::size_t>(y % scale_) * in_row_[row];
    }

private:
    void count_pixels(int height);

    int scale_;
    std::vector<std::vector<BandRun>> runs_;
    std::size_t pixels_ = 0;
    /// For every row of cells: the pixels before its first row of pixels, and in each of them.
    std::vector<std::size_t> before_;
    std::vector<std::size_t> in_row_;
    Grid<std::uint8_t> undecided_;
};

/// For every group of `side` x `side` cells: 1 where an undecided cell is in it or in one of the
/// groups up to `reach` away.
[[nodiscard]] Grid<std::uint8_t> groups_near_undecided(const CellLabels& labels, int side,
                                                       int reach);

}  // namespace editprep::imaging
