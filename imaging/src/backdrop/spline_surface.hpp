#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Weighted least squares fit of one smooth surface per channel: cubic B-splines on a coarse
/// lattice with a penalty on the second differences of their coefficients, so that the surface goes
/// on straight where there is no data. Source: P. Eilers, B. Marx, "Flexible smoothing with
/// B-splines and penalties", 1996.
class SplineSurface {
public:
    /// @param intervals of the lattice along each side
    /// @param stiffness weight of the penalty, relative to the weight of the data
    SplineSurface(Size size, int intervals, double stiffness);

    /// The surface through `values` where `weights` (not negative) are.
    [[nodiscard]] Planes fit(const Planes& values, const Plane& weights) const;

private:
    struct Basis {
        int first = 0;
        std::array<double, 4> value{};
    };

    [[nodiscard]] static std::vector<Basis> basis_along(int length, int intervals);
    [[nodiscard]] std::size_t index(int i, int j) const {
        return static_cast<std::size_t>(j) * side_ + static_cast<std::size_t>(i);
    }
    [[nodiscard]] std::array<std::size_t, 16> places(int left, int top) const;
    void add_penalty(std::vector<double>& matrix, double weight) const;

    Size size_;
    std::size_t side_;
    double stiffness_;
    std::vector<Basis> across_;
    std::vector<Basis> down_;
};

}  // namespace editprep::imaging
