#pragma once

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

    /// Writes the values at the pixels left <= x < right of row y to values[0, right - left).
    /// `row` is room for nodes().width + 1 values.
    void read(const Plane& plane, int y, int left, int right, std::vector<float>& row,
              float* values) const;
    /// The value at one pixel.
    [[nodiscard]] float read(const Plane& plane, int x, int y) const noexcept;

private:
    /// Where a pixel stands: between node `first` and the next.
    struct Axis {
        Axis(int pixels, int pitch, int nodes);
        std::vector<int> first;
        std::vector<float> share_of_next;
    };

    int pitch_;
    Size nodes_;
    Axis columns_;
    Axis rows_;
};

}  // namespace editprep::imaging
