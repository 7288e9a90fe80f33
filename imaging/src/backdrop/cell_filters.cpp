#include "backdrop/cell_filters.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

/// Combines every row with its neighbours up to `reach` rows away, in place of each cell.
template <typename Value, typename Combine>
Grid<Value> across_rows(const Grid<Value>& plane, int reach, Combine combine) {
    Grid<Value> result = plane;
    for (int y = 0; y < plane.height(); ++y) {
        Value* __restrict out = result.row(y);
        for (int j = std::max(0, y - reach); j <= std::min(plane.height() - 1, y + reach); ++j) {
            const Value* row = plane.row(j);
            for (int x = 0; x < plane.width(); ++x) {
                out[x] = combine(out[x], row[x]);
            }
        }
    }
    return result;
}

template <typename Value, typename Combine>
Grid<Value> across_columns(const Grid<Value>& plane, int reach, Combine combine) {
    Grid<Value> result = plane;
    const int width = plane.width();
    for (int y = 0; y < plane.height(); ++y) {
        const Value* row = plane.row(y);
        Value* __restrict out = result.row(y);
        for (int shift = 1; shift <= std::min(reach, width - 1); ++shift) {
            for (int x = 0; x + shift < width; ++x) {
                out[x] = combine(out[x], row[x + shift]);
            }
            for (int x = shift; x < width; ++x) {
                out[x] = combine(out[x], row[x - shift]);
            }
        }
    }
    return result;
}

}  // namespace

Plane smooth(const Plane& plane) {
    const int width = plane.width();
    const int height = plane.height();
    Plane across(plane.size());
    for (int y = 0; y < height; ++y) {
        const float* row = plane.row(y);
        float* out = across.row(y);
        for (int x = 0; x < width; ++x) {
            out[x] = 0.25F * row[std::max(0, x - 1)] + 0.5F * row[x] +
                     0.25F * row[std::min(width - 1, x + 1)];
        }
    }
    Plane result(plane.size());
    for (int y = 0; y < height; ++y) {
        const float* up = across.row(std::max(0, y - 1));
        const float* row = across.row(y);
        const float* down = across.row(std::min(height - 1, y + 1));
        float* out = result.row(y);
        for (int x = 0; x < width; ++x) {
            out[x] = 0.25F * up[x] + 0.5F * row[x] + 0.25F * down[x];
        }
    }
    return result;
}

Plane largest_within(const Plane& plane, int reach) {
    const auto larger = [](float a, float b) { return a > b ? a : b; };
    return across_rows(across_columns(plane, reach, larger), reach, larger);
}

Plane smallest_within(const Plane& plane, int reach) {
    const auto smaller = [](float a, float b) { return a < b ? a : b; };
    return across_rows(across_columns(plane, reach, smaller), reach, smaller);
}

Grid<std::uint8_t> united_within(const Grid<std::uint8_t>& bits, int reach) {
    const auto united = [](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(a | b);
    };
    return across_rows(across_columns(bits, reach, united), reach, united);
}

}  // namespace editprep::imaging
