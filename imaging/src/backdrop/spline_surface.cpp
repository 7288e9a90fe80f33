#include "backdrop/spline_surface.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// In place: the lower triangle L of L L' = matrix. The matrix is positive definite.
void decompose(std::vector<double>& matrix, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) {
        double* row_j = matrix.data() + j * n;
        for (std::size_t k = 0; k < j; ++k) {
            row_j[j] -= row_j[k] * row_j[k];
        }
        row_j[j] = std::sqrt(std::max(row_j[j], 1e-12));
        for (std::size_t i = j + 1; i < n; ++i) {
            double* row_i = matrix.data() + i * n;
            double sum = row_i[j];
            for (std::size_t k = 0; k < j; ++k) {
                sum -= row_i[k] * row_j[k];
            }
            row_i[j] = sum / row_j[j];
        }
    }
}

/// In place: the solution of L L' x = right.
void solve(const std::vector<double>& lower, std::size_t n, std::vector<double>& right) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            right[i] -= lower[i * n + k] * right[k];
        }
        right[i] /= lower[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) {
            right[i] -= lower[k * n + i] * right[k];
        }
        right[i] /= lower[i * n + i];
    }
}

void add_second_difference(std::vector<double>& matrix, std::size_t n,
                           std::span<const std::size_t, 3> at, double weight) {
    constexpr std::array<double, 3> kDifference{1, -2, 1};
    for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t b = 0; b < 3; ++b) {
            matrix[at[a] * n + at[b]] += weight * kDifference[a] * kDifference[b];
        }
    }
}

/// Splines that a cell lies under.
constexpr std::size_t kSplines = 16;

/// Rows of the matrix are added to in blocks of so many columns, up to the one on the diagonal.
constexpr std::size_t kBlock = 8;

/// Adds a cell to the lower triangle of `matrix`, of kSplines x kSplines values, and to the three
/// rows of `right`.
EDITPREP_SIMD_CLONES
void add_cell(const double* __restrict down, const double* __restrict across, double weight,
              const double* __restrict value, double* __restrict matrix, double* __restrict right) {
    double product[kSplines];
    double share[kSplines];
    for (std::size_t k = 0; k < kSplines; ++k) {
        product[k] = down[k / 4] * across[k % 4];
        share[k] = weight * product[k];
    }
    for (std::size_t k = 0; k < kSplines; ++k) {
        for (std::size_t first = 0; first <= k; first += kBlock) {
            for (std::size_t i = first; i < first + kBlock; ++i) {
                matrix[k * kSplines + i] += share[k] * product[i];
            }
        }
    }
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t k = 0; k < kSplines; ++k) {
            right[c * kSplines + k] += value[c] * share[k];
        }
    }
}

/// The part of the normal equations that cells between the same nodes add to, close together. Of
/// the matrix only the lower triangle is meant.
class Normal {
public:
    using Places = std::array<std::size_t, kSplines>;

    void read(const std::vector<double>& matrix, const std::array<std::vector<double>, 3>& right,
              const Places& at) {
        const std::size_t n = right[0].size();
        for (std::size_t a = 0; a < kSplines; ++a) {
            for (std::size_t b = 0; b < kSplines; ++b) {
                matrix_[a * kSplines + b] = matrix[at[a] * n + at[b]];
            }
            for (std::size_t c = 0; c < 3; ++c) {
                right_[c * kSplines + a] = right[c][at[a]];
            }
        }
    }

    /// Adds a cell; the arrays are its splines' values down and across.
    void add(const std::array<double, 4>& down, const std::array<double, 4>& across, double weight,
             const std::array<double, 3>& value) {
        add_cell(down.data(), across.data(), weight, value.data(), matrix_.data(), right_.data());
    }

    void write(std::vector<double>& matrix, std::array<std::vector<double>, 3>& right,
               const Places& at) const {
        const std::size_t n = right[0].size();
        for (std::size_t a = 0; a < kSplines; ++a) {
            for (std::size_t b = 0; b < kSplines; ++b) {
                matrix[at[a] * n + at[b]] = matrix_[a * kSplines + b];
            }
            for (std::size_t c = 0; c < 3; ++c) {
                right[c][at[a]] = right_[c * kSplines + a];
            }
        }
    }

private:
    /// Row by row.
    std::array<double, kSplines * kSplines> matrix_{};
    std::array<double, 3 * kSplines> right_{};
};

}  // namespace

SplineSurface::SplineSurface(Size size, int intervals, double stiffness)
    : size_(size),
      side_(static_cast<std::size_t>(intervals) + 3),
      stiffness_(stiffness),
      across_(basis_along(size.width, intervals)),
      down_(basis_along(size.height, intervals)) {}

std::vector<SplineSurface::Basis> SplineSurface::basis_along(int length, int intervals) {
    std::vector<Basis> basis(static_cast<std::size_t>(length));
    for (int i = 0; i < length; ++i) {
        const double at = (i + 0.5) / length * intervals;
        const int first = std::min(static_cast<int>(at), intervals - 1);
        const double t = at - first;
        const double u = 1 - t;
        basis[static_cast<std::size_t>(i)] = {first,
                                              {u * u * u / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
                                               (3 * u * u * u - 6 * u * u + 4) / 6, t * t * t / 6}};
    }
    return basis;
}

void SplineSurface::add_penalty(std::vector<double>& matrix, double weight) const {
    const std::size_t n = side_ * side_;
    const int last = static_cast<int>(side_);
    for (int j = 0; j < last; ++j) {
        for (int i = 0; i + 2 < last; ++i) {
            const std::array along{index(i, j), index(i + 1, j), index(i + 2, j)};
            add_second_difference(matrix, n, along, weight);
            const std::array down{index(j, i), index(j, i + 1), index(j, i + 2)};
            add_second_difference(matrix, n, down, weight);
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        matrix[i * n + i] += weight * 1e-6;
    }
}

/// Of the coefficients that the cells between nodes depend on.
std::array<std::size_t, 16> SplineSurface::places(int left, int top) const {
    std::array<std::size_t, kSplines> at;
    for (int k = 0; k < static_cast<int>(kSplines); ++k) {
        at[static_cast<std::size_t>(k)] = index(left + k % 4, top + k / 4);
    }
    return at;
}

Planes SplineSurface::fit(const Planes& values, const Plane& weights) const {
    const std::size_t n = side_ * side_;
    std::vector<double> matrix(n * n);
    std::array<std::vector<double>, 3> right;
    right.fill(std::vector<double>(n));
    double total = 0;
    Normal normal;
    for (int y = 0; y < size_.height; ++y) {
        const Basis& down = down_[static_cast<std::size_t>(y)];
        for (int x = 0; x < size_.width;) {
            const int first = across_[static_cast<std::size_t>(x)].first;
            const std::array at = places(first, down.first);
            normal.read(matrix, right, at);
            for (; x < size_.width && across_[static_cast<std::size_t>(x)].first == first; ++x) {
                const double weight = weights.at(x, y);
                if (weight > 0) {
                    total += weight;
                    normal.add(down.value, across_[static_cast<std::size_t>(x)].value, weight,
                               {values[0].at(x, y), values[1].at(x, y), values[2].at(x, y)});
                }
            }
            normal.write(matrix, right, at);
        }
    }
    add_penalty(matrix, stiffness_ * (total + 1) / static_cast<double>(n));
    decompose(matrix, n);

    Planes surface;
    for (std::size_t c = 0; c < 3; ++c) {
        solve(matrix, n, right[c]);
        surface[c] = Plane(size_);
        for (int y = 0; y < size_.height; ++y) {
            const Basis& down = down_[static_cast<std::size_t>(y)];
            std::vector<double> line(side_);
            for (std::size_t i = 0; i < side_; ++i) {
                for (int j = 0; j < 4; ++j) {
                    line[i] += down.value[static_cast<std::size_t>(j)] *
                               right[c][index(static_cast<int>(i), down.first + j)];
                }
            }
            for (int x = 0; x < size_.width; ++x) {
                const Basis& across = across_[static_cast<std::size_t>(x)];
                double value = 0;
                for (int i = 0; i < 4; ++i) {
                    value += across.value[static_cast<std::size_t>(i)] *
                             line[static_cast<std::size_t>(across.first + i)];
                }
                surface[c].at(x, y) = static_cast<float>(value);
            }
        }
    }
    return surface;
}

}  // namespace editprep::imaging
