#include "backdrop/work_copy.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/row_sweep.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Enough to see a handle, a strap or a leg.
constexpr double kCells = 120'000;

int scale_for(Size size) {
    return std::max(
        1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(size.area()) / kCells))));
}

EDITPREP_SIMD_CLONES
void add_row(const std::uint8_t* row, std::uint16_t* __restrict sums, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        sums[i] = static_cast<std::uint16_t>(sums[i] + row[i]);
    }
}

/// Sums of columns to means of cells.
void fold_row(const std::vector<std::uint16_t>& sums, int scale, int rows, int y, WorkCopy& copy) {
    const int width = copy.full.width;
    for (int cell = 0; cell < copy.size().width; ++cell) {
        const int left = cell * scale;
        const int right = std::min(width, left + scale);
        std::uint32_t total[3] = {};
        for (int x = left; x < right; ++x) {
            const std::size_t i = static_cast<std::size_t>(x) * 3;
            for (std::size_t c = 0; c < 3; ++c) {
                total[c] += sums[i + c];
            }
        }
        const auto area = static_cast<float>((right - left) * rows);
        for (std::size_t c = 0; c < 3; ++c) {
            copy.mean[c].at(cell, y) = static_cast<float>(total[c]) / area;
        }
    }
}

}  // namespace

WorkCopy make_work_copy(const Image& picture, int threads) {
    WorkCopy copy;
    copy.full = picture.size();
    copy.scale = scale_for(copy.full);
    const int scale = copy.scale;
    const Size cells{(copy.full.width + scale - 1) / scale, (copy.full.height + scale - 1) / scale};
    copy.mean.fill(Plane(cells));
    std::vector<std::vector<std::uint16_t>> sums_of(static_cast<std::size_t>(threads),
                                                    std::vector<std::uint16_t>(picture.stride()));
    sweep_rows(cells.height, 1, threads, [&](int thread, int /*stage*/, int y) {
        std::vector<std::uint16_t>& sums = sums_of[static_cast<std::size_t>(thread)];
        const int top = y * scale;
        const int bottom = std::min(copy.full.height, top + scale);
        std::fill(sums.begin(), sums.end(), std::uint16_t{0});
        for (int row = top; row < bottom; ++row) {
            add_row(picture.row(row), sums.data(), sums.size());
        }
        fold_row(sums, scale, bottom - top, y, copy);
    });
    return copy;
}

}  // namespace editprep::imaging
