#pragma once

#include <array>
#include <vector>

namespace editprep::imaging {

/// A polynomial of the second degree over a picture's width.
class Parabola {
public:
    /// By least squares through (column, value) pairs with weights; a little stiffness keeps few of
    /// them from bending it.
    /// @param width columns of the picture
    Parabola(int width, const std::vector<float>& columns, const std::vector<float>& values,
             const std::vector<float>& weights);
    [[nodiscard]] float at(int column) const;

private:
    /// Columns as -1 to 1.
    [[nodiscard]] float place_of(float column) const;

    int width_;
    std::array<float, 3> factors_{};
};

}  // namespace editprep::imaging
