#pragma once

#include "backdrop/opponent.hpp"
#include "backdrop/random_walker.hpp"

namespace editprep::imaging {

/// The differences between neighbouring cells, taken apart into slopes and edges.
class CellSteps {
public:
    /// @param smooth must outlive the steps
    explicit CellSteps(const OpponentPlanes& smooth);

    /// Writes the ties between neighbours: 1 in an even stretch or on a slope, near 0 across an
    /// edge, a half where an edge is `unit` high.
    void tie(float unit, WalkerField& field) const;

    /// For each cell, how much of the contrast around it lies in a single step: 0 to 1; a third and
    /// more at an object's edge and in what is thin, less in a shadow.
    [[nodiscard]] Plane sharpness() const;

private:
    /// Along one axis; each value belongs to a cell and the next one of its row or column.
    struct Axis {
        Plane step;
        /// What is left of the step without the slopes beside it.
        Plane prominence;
    };

    [[nodiscard]] static Axis along(const OpponentPlanes& smooth, bool rows);
    static void tie_along(const Axis& axis, const Plane& prominence_across, const Plane& strongest,
                          bool rows, float unit, Plane& ties);

    Axis rows_;
    Axis columns_;
    const Plane& luma_;
};

}  // namespace editprep::imaging
