#include "editprep/imaging/image_compare.hpp"

#include <algorithm>
#include <cstdlib>

#include "same_size.hpp"

namespace editprep::imaging {
namespace {

template <class IsCompared>
Difference compare_where(const Image& first, const Image& second, IsCompared is_compared) {
    check_same_size(first.size(), second.size(), "the other picture");
    const Image a = to_rgba(first);
    const Image b = to_rgba(second);
    Difference difference;
    std::int64_t sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        const std::uint8_t* left = a.row(y);
        const std::uint8_t* right = b.row(y);
        for (int x = 0; x < a.width(); ++x, left += 4, right += 4) {
            if (!is_compared(x, y)) {
                continue;
            }
            int largest_here = 0;
            for (std::size_t c = 0; c < 4; ++c) {
                const int distance = std::abs(left[c] - right[c]);
                largest_here = std::max(largest_here, distance);
                sum += distance;
            }
            difference.largest = std::max(difference.largest, largest_here);
            difference.changed_pixels += largest_here > 0 ? 1 : 0;
            ++difference.compared_pixels;
        }
    }
    if (difference.compared_pixels > 0) {
        difference.mean =
            static_cast<double>(sum) / (4.0 * static_cast<double>(difference.compared_pixels));
    }
    return difference;
}

}  // namespace

Difference compare(const Image& a, const Image& b) {
    return compare_where(a, b, [](int, int) { return true; });
}

Difference compare_kept(const Image& a, const Image& b, const Mask& mask) {
    check_same_size(a.size(), mask.size(), "the mask");
    return compare_where(a, b, [&mask](int x, int y) { return mask.row(y)[x] == 0; });
}

}  // namespace editprep::imaging
