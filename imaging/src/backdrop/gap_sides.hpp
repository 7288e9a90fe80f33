#pragma once

#include <cstddef>
#include <cstdint>

#include "backdrop/cell_labels.hpp"
#include "backdrop/gap_clues.hpp"
#include "backdrop/opponent.hpp"

namespace editprep::imaging {

/// Compares cells that are taken for the object with what is on both sides of them.
class GapSides {
public:
    /// @param clues, labels must outlive this
    GapSides(const GapClues& clues, const CellLabels& labels);

    /// How far a cell is from the backdrop's colour, in units of a pixel's noise.
    [[nodiscard]] float distance(std::size_t cell) const;

    /// How far a cell is on the way from the backdrop to the colour on both sides of it, along the
    /// axis on which that is least; 1 where it is not between two sides of a colour, or not on the
    /// way.
    [[nodiscard]] float least_share(std::size_t cell) const;

    /// Whether a gap that has come to this cell goes on through it: it is taken for the object and
    /// not yet quite of the colour of its sides.
    [[nodiscard]] bool goes_on(std::size_t cell) const;

private:
    /// A direction in which sides are looked for: a step of a column, of a row, or of both.
    struct Axis {
        int right = 0;
        int down = 0;
    };

    [[nodiscard]] Rgb units(std::size_t cell) const;
    [[nodiscard]] float share_along(std::size_t cell, Axis axis) const;
    [[nodiscard]] Rgb farthest(Point cell, Axis axis) const;

    const GapClues& clues_;
    const CellLabels& labels_;
    Rgb per_noise_{};
};

/// Cells that are a gap become undecided, and so do those beside them, which are outline, too; not
/// what somebody says is the object's.
/// @param is_gap 1 where a cell is part of a gap
void open_with_sides(const GapClues& clues, const Grid<std::uint8_t>& is_gap, CellLabels& labels);

}  // namespace editprep::imaging
