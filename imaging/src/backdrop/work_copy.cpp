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
void fold_row(const std::vector<std::uint16_t>& sums, int rows, int y, WorkCopy& copy) {
    const int width = copy.full.width;
    const int scale = copy.scale;
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

/// Row y of the cells; `sums` is room for a row of the picture.
void make_row(const Image& picture, int y, std::vector<std::uint16_t>& sums, WorkCopy& copy) {
    const int top = y * copy.scale;
    const int bottom = std::min(copy.full.height, top + copy.scale);
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    for (int row = top; row < bottom; ++row) {
        add_row(picture.row(row), sums.data(), sums.size());
    }
    fold_row(sums, bottom - top, y, copy);
}

WorkCopy empty_copy(Size full) {
    WorkCopy copy;
    copy.full = full;
    copy.scale = scale_for(full);
    copy.mean.fill(Plane(
        {(full.width + copy.scale - 1) / copy.scale, (full.height + copy.scale - 1) / copy.scale}));
    return copy;
}

}  // namespace

WorkCopy make_work_copy(const Image& picture, int threads) {
    WorkCopy copy = empty_copy(picture.size());
    std::vector<std::vector<std::uint16_t>> sums_of(static_cast<std::size_t>(threads),
                                                    std::vector<std::uint16_t>(picture.stride()));
    sweep_rows(copy.size().height, 1, threads, [&](int thread, int /*stage*/, int y) {
        make_row(picture, y, sums_of[static_cast<std::size_t>(thread)], copy);
    });
    return copy;
}

WorkCopy read_with_copy(RowReader& rows, Image& picture) {
    // What a row of a JPEG's blocks gives.
    constexpr int kRowsAtOnce = 16;
    WorkCopy copy = empty_copy(picture.size());
    const int at_once = (kRowsAtOnce + copy.scale - 1) / copy.scale * copy.scale;
    std::vector<std::uint16_t> sums(picture.stride());
    for (int top = 0; top < picture.height(); top += at_once) {
        const int bottom = std::min(picture.height(), top + at_once);
        (void)rows.read(
            picture.bytes().subspan(static_cast<std::size_t>(top) * picture.stride(),
                                    static_cast<std::size_t>(bottom - top) * picture.stride()));
        for (int y = top / copy.scale; y * copy.scale < bottom; ++y) {
            make_row(picture, y, sums, copy);
        }
    }
    return copy;
}

}  // namespace editprep::imaging
