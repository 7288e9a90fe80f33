#pragma once

#include <cstdint>
#include <vector>

#include "backdrop/cell_labels.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Columns left <= x < right.
struct Run {
    int left = 0;
    int right = 0;
};

/// Where the undecided pixels are. Neighbouring ones are taken together with the few decided
/// pixels between them, as long runs are quicker to work on.
class UndecidedBand {
public:
    UndecidedBand(const WorkCopy& copy, const CellLabels& labels);

    /// The runs of pixel row y.
    [[nodiscard]] const std::vector<Run>& runs(int y) const noexcept {
        return runs_[static_cast<std::size_t>(y / scale_)];
    }
    /// For every pixel of row y: 1 where it is undecided, else 0.
    [[nodiscard]] const std::uint8_t* undecided(int y) const noexcept {
        return undecided_.row(y / scale_);
    }

private:
    int scale_;
    std::vector<std::vector<Run>> runs_;
    Grid<std::uint8_t> undecided_;
};

/// For every group of `side` x `side` cells: 1 where an undecided cell is in it or in one of the
/// groups up to `reach` away.
[[nodiscard]] Grid<std::uint8_t> groups_near_undecided(const CellLabels& labels, int side,
                                                       int reach);

}  // namespace editprep::imaging
