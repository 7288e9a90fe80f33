#include "backdrop/parabola.hpp"

#include <cstddef>

namespace editprep::imaging {

Parabola::Parabola(int width, const std::vector<float>& columns, const std::vector<float>& values,
                   const std::vector<float>& weights)
    : width_(width) {
    // The normal equations, solved by Gauss-Jordan elimination.
    std::array<std::array<double, 4>, 3> m{};
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const double u = place_of(columns[k]);
        const std::array<double, 3> powers{1, u, u * u};
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                m[i][j] += weights[k] * powers[i] * powers[j];
            }
            m[i][3] += weights[k] * powers[i] * values[k];
        }
    }
    constexpr double kStiffness = 1e-4;
    m[1][1] += kStiffness * m[0][0];
    m[2][2] += kStiffness * m[0][0];
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            if (j != i && m[i][i] > 0) {
                const double factor = m[j][i] / m[i][i];
                for (std::size_t k = i; k < 4; ++k) {
                    m[j][k] -= factor * m[i][k];
                }
            }
        }
    }
    for (std::size_t i = 0; i < 3; ++i) {
        factors_[i] = m[i][i] > 0 ? static_cast<float>(m[i][3] / m[i][i]) : 0;
    }
}

float Parabola::place_of(float column) const {
    return 2 * (column + 0.5F) / static_cast<float>(width_) - 1;
}

float Parabola::at(int column) const {
    const float u = place_of(static_cast<float>(column));
    return factors_[0] + u * (factors_[1] + u * factors_[2]);
}

}  // namespace editprep::imaging
