#pragma once

#include <array>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Values that stand `pitch` pixels apart, read between their places: node i stands in the middle
/// of the pixels [i * pitch, (i + 1) * pitch), and beyond the outer nodes nothing changes.
class Lattice {
public:
    Lattice(Size picture, int pitch);

    [[nodiscard]] int pitch() const noexcept { return pitch_; }
    /// Nodes that cover the picture.
    [[nodiscard]] Size nodes() const noexcept { return nodes_; }

    /// Values are written so many at a time.
    static constexpr int kStep = 16;

    /// A row of each of three planes.
    using Rows = std::array<CellVector<float>, 3>;

    /// Writes the values at the pixels left <= x < right of row y to values[0, right - left), and
    /// anything to up to kStep - 1 values behind. `nodes` is room for nodes().width + 1 values.
    void read(const Planes& planes, int y, int left, int right, Rows& nodes, Rows& values) const;
    /// The value at one pixel.
    [[nodiscard]] float read(const Plane& plane, int x, int y) const noexcept;

private:
    /// Where a pixel stands: between node `first` and the next.
    struct Axis {
        Axis(int pixels, int pitch, int nodes);
        std::vector<int> first;
        /// With kStep zeros behind the last pixel.
        std::vector<float> share_of_next;
        /// For every node the first pixel behind those that stand between it and the next.
        std::vector<int> end;
    };

    int pitch_;
    Size nodes_;
    Axis columns_;
    Axis rows_;
};

}  // namespace editprep::imaging
