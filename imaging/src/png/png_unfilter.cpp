#include "png/png_unfilter.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "png/png_unfilter_avx2.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

enum Filter : unsigned { kNone, kSub, kUp, kAverage, kPaeth };

std::uint8_t wrapped(int value) { return static_cast<std::uint8_t>(value); }

/// The neighbour that is closest to left + above - corner; of equals the first.
int paeth(int left, int above, int corner) {
    const int from_left = std::abs(above - corner);
    const int from_above = std::abs(left - corner);
    const int from_corner = std::abs(left + above - 2 * corner);
    if (from_left <= from_above && from_left <= from_corner) {
        return left;
    }
    return from_above <= from_corner ? above : corner;
}

/// Calls `predict` with what is left of, above, and left above each sample; adds what it gives.
template <typename Predict>
void unfilter_each(const FilteredRow& row, const Predict& predict) {
    for (std::size_t i = 0; i < row.bytes; ++i) {
        const bool first = i < row.pixel_bytes;
        const int left = first ? 0 : row.out[i - row.pixel_bytes];
        const int corner = first ? 0 : row.above[i - row.pixel_bytes];
        row.out[i] = wrapped(row.filtered[i] + predict(left, row.above[i], corner));
    }
}

EDITPREP_SIMD_CLONES
void unfilter_up(const FilteredRow& row) {
    const std::uint8_t* __restrict filtered = row.filtered;
    const std::uint8_t* __restrict above = row.above;
    std::uint8_t* __restrict out = row.out;
    const std::size_t bytes = row.bytes;
    for (std::size_t i = 0; i < bytes; ++i) {
        out[i] = static_cast<std::uint8_t>(filtered[i] + above[i]);
    }
}

}  // namespace

bool png_unfilter_plain(unsigned filter, const FilteredRow& row) {
    switch (filter) {
        case kNone:
            std::memcpy(row.out, row.filtered, row.bytes);
            return true;
        case kSub:
            unfilter_each(row, [](int left, int, int) { return left; });
            return true;
        case kUp:
            unfilter_each(row, [](int, int above, int) { return above; });
            return true;
        case kAverage:
            unfilter_each(row, [](int left, int above, int) { return (left + above) / 2; });
            return true;
        case kPaeth:
            unfilter_each(row, paeth);
            return true;
        default:
            return false;
    }
}

bool png_unfilter(unsigned filter, const FilteredRow& row) {
    if (filter == kUp) {
        unfilter_up(row);
        return true;
    }
    return png_unfilter_avx2(filter, row) || png_unfilter_plain(filter, row);
}

}  // namespace editprep::imaging
