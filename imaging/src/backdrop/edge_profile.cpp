#include "backdrop/edge_profile.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace editprep::imaging {
namespace {

/// Four times the brightness of so many pixels beside and below each other.
inline int sum_of_each(const std::uint8_t* first, std::size_t stride, int columns, int rows) {
    int sum = 0;
    for (int row = 0; row < rows; ++row, first += stride) {
        for (int column = 0; column < columns; ++column) {
            const std::uint8_t* pixel = first + std::ptrdiff_t{3} * column;
            sum += pixel[0] + 2 * pixel[1] + pixel[2];
        }
    }
    return sum;
}

/// The same. Where the numbers are known the compiler needs no loops: those of pictures of 6 to 30
/// megapixels.
int sum_of(const std::uint8_t* first, std::size_t stride, int columns, int rows) {
    switch (columns == rows ? columns : 0) {
        case 3:
            return sum_of_each(first, stride, 3, 3);
        case 4:
            return sum_of_each(first, stride, 4, 4);
        case 5:
            return sum_of_each(first, stride, 5, 5);
        default:
            return sum_of_each(first, stride, columns, rows);
    }
}

}  // namespace

EdgeProfile::EdgeProfile(const Image& picture, const WorkCopy& copy)
    : picture_(picture),
      cells_across_(static_cast<std::size_t>(copy.size().width)),
      scale_(copy.scale),
      pitch_(std::max(1, (copy.scale + 1) / 3)) {}

float EdgeProfile::energy(std::size_t cell, bool along_row, float enough) const {
    constexpr int kReachCells = 3;
    const int left = static_cast<int>(cell % cells_across_) * scale_;
    const int top = static_cast<int>(cell / cells_across_) * scale_;
    const int reach = kReachCells * scale_;
    // Along the middle of the cell, of which the last ones have less.
    const int aside = (scale_ - pitch_) / 2;
    const int beside = along_row ? std::min(top + aside, picture_.height() - 1)
                                 : std::min(left + aside, picture_.width() - 1);
    const int edge = (along_row ? left : top) + scale_;
    const int length = along_row ? picture_.width() : picture_.height();
    const int first = std::max(0, edge - reach);
    const int last = std::min(length, edge + reach) - pitch_;
    float sum = 0;
    float before = 0;
    for (int at = first; at <= last && sum < enough; at += pitch_) {
        const float here = along_row ? brightness(at, beside) : brightness(beside, at);
        const float step = at == first ? 0 : here - before;
        sum += step * step;
        before = here;
    }
    return sum;
}

float EdgeProfile::brightness(int x, int y) const {
    const int columns = std::min(picture_.width() - x, pitch_);
    const int rows = std::min(picture_.height() - y, pitch_);
    const std::uint8_t* first = picture_.row(y) + std::ptrdiff_t{3} * x;
    return 0.25F * static_cast<float>(sum_of(first, picture_.stride(), columns, rows)) /
           static_cast<float>(columns * rows);
}

}  // namespace editprep::imaging
