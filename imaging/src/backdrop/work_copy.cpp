#include "backdrop/work_copy.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "backdrop/halving.hpp"
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
    const std::uint16_t* column = sums.data();
    for (int cell = 0; cell < copy.size().width; ++cell) {
        const int columns = std::min(scale, width - cell * scale);
        std::uint32_t red = 0;
        std::uint32_t green = 0;
        std::uint32_t blue = 0;
        for (int i = 0; i < columns; ++i, column += 3) {
            red += column[0];
            green += column[1];
            blue += column[2];
        }
        const auto area = static_cast<float>(columns * rows);
        copy.mean[0].at(cell, y) = static_cast<float>(red) / area;
        copy.mean[1].at(cell, y) = static_cast<float>(green) / area;
        copy.mean[2].at(cell, y) = static_cast<float>(blue) / area;
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

WorkCopy coarser(const WorkCopy& copy) {
    const Size fine = copy.size();
    WorkCopy result{copy.full, 2 * copy.scale, {}};
    result.mean.fill(Plane(half(fine)));
    for (std::size_t c = 0; c < result.mean.size(); ++c) {
        for (int y = 0; y < result.size().height; ++y) {
            const int top = std::max(0, std::min(2 * y, fine.height - 2));
            const float* upper = copy.mean[c].row(top);
            const float* lower = copy.mean[c].row(std::min(top + 1, fine.height - 1));
            for (int x = 0; x < result.size().width; ++x) {
                const int left = std::max(0, std::min(2 * x, fine.width - 2));
                const int right = std::min(left + 1, fine.width - 1);
                result.mean[c].at(x, y) =
                    (upper[left] + upper[right] + lower[left] + lower[right]) / 4;
            }
        }
    }
    return result;
}

WorkCopy read_with_copy(RowReader& rows, Image& picture) {
    WorkCopy copy = empty_copy(picture.size());
    const std::size_t stride = picture.stride();
    std::vector<std::uint16_t> sums(stride);
    int y = 0;
    for (auto band = rows.next(); !band.empty(); band = rows.next()) {
        for (; !band.empty(); band = band.subspan(stride), ++y) {
            std::memcpy(picture.row(y), band.data(), stride);
            add_row(band.data(), sums.data(), stride);
            const int summed = y % copy.scale + 1;
            if (summed == copy.scale || y + 1 == picture.height()) {
                fold_row(sums, summed, y / copy.scale, copy);
                std::fill(sums.begin(), sums.end(), std::uint16_t{0});
            }
        }
    }
    return copy;
}

}  // namespace editprep::imaging
