#include "backdrop/cell_filters.hpp"

#include <algorithm>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

EDITPREP_SIMD_CLONES
void keep_larger(const float* __restrict values, float* __restrict kept, int count) {
    for (int x = 0; x < count; ++x) {
        kept[x] = kept[x] > values[x] ? kept[x] : values[x];
    }
}

EDITPREP_SIMD_CLONES
void keep_smaller(const float* __restrict values, float* __restrict kept, int count) {
    for (int x = 0; x < count; ++x) {
        kept[x] = kept[x] < values[x] ? kept[x] : values[x];
    }
}

EDITPREP_SIMD_CLONES
void keep_united(const std::uint8_t* __restrict values, std::uint8_t* __restrict kept, int count) {
    for (int x = 0; x < count; ++x) {
        kept[x] = static_cast<std::uint8_t>(kept[x] | values[x]);
    }
}

/// (values, what is kept of those seen before, count)
template <typename Value>
using Keep = void(const Value*, Value*, int);

/// Combines every row with its neighbours up to `reach` rows away, in place of each cell.
template <typename Value>
Grid<Value> across_rows(const Grid<Value>& plane, int reach, Keep<Value>& keep) {
    Grid<Value> result = plane;
    for (int y = 0; y < plane.height(); ++y) {
        for (int j = std::max(0, y - reach); j <= std::min(plane.height() - 1, y + reach); ++j) {
            keep(plane.row(j), result.row(y), plane.width());
        }
    }
    return result;
}

template <typename Value>
Grid<Value> across_columns(const Grid<Value>& plane, int reach, Keep<Value>& keep) {
    Grid<Value> result = plane;
    const int width = plane.width();
    for (int y = 0; y < plane.height(); ++y) {
        const Value* row = plane.row(y);
        for (int shift = 1; shift <= std::min(reach, width - 1); ++shift) {
            keep(row + shift, result.row(y), width - shift);
            keep(row, result.row(y) + shift, width - shift);
        }
    }
    return result;
}

EDITPREP_SIMD_CLONES
void mix_neighbours(const float* before, const float* here, const float* after,
                    float* __restrict mixed, int count) {
    for (int x = 0; x < count; ++x) {
        mixed[x] = 0.25F * before[x] + 0.5F * here[x] + 0.25F * after[x];
    }
}

EDITPREP_SIMD_CLONES
void keep_nearer(const float* __restrict from, float cost, float* __restrict distance, int count) {
    for (int x = 0; x < count; ++x) {
        const float there = from[x] + cost;
        distance[x] = distance[x] > there ? there : distance[x];
    }
}

/// Brings a row's distances down to those of a row beside it and one step, straight or diagonal.
void step_from_row(const float* from, float* row, int width) {
    constexpr float kDiagonal = 1.4142F;
    keep_nearer(from, 1, row, width);
    keep_nearer(from, kDiagonal, row + 1, width - 1);
    keep_nearer(from + 1, kDiagonal, row, width - 1);
}

}  // namespace

Plane smooth(const Plane& plane) {
    const int width = plane.width();
    const int height = plane.height();
    Plane across(plane.size());
    for (int y = 0; y < height; ++y) {
        const float* row = plane.row(y);
        float* out = across.row(y);
        const auto mix_at = [&](int x) {
            mix_neighbours(row + std::max(0, x - 1), row + x, row + std::min(width - 1, x + 1),
                           out + x, 1);
        };
        mix_at(0);
        mix_neighbours(row, row + 1, row + 2, out + 1, width - 2);
        mix_at(width - 1);
    }
    Plane result(plane.size());
    for (int y = 0; y < height; ++y) {
        mix_neighbours(across.row(std::max(0, y - 1)), across.row(y),
                       across.row(std::min(height - 1, y + 1)), result.row(y), width);
    }
    return result;
}

Plane largest_within(const Plane& plane, int reach) {
    return across_rows(across_columns(plane, reach, keep_larger), reach, keep_larger);
}

Plane smallest_within(const Plane& plane, int reach) {
    return across_rows(across_columns(plane, reach, keep_smaller), reach, keep_smaller);
}

Grid<std::uint8_t> united_within(const Grid<std::uint8_t>& bits, int reach) {
    return across_rows(across_columns(bits, reach, keep_united), reach, keep_united);
}

Plane distance_to_marked(const Grid<std::uint8_t>& marks) {
    constexpr float kFar = 1e6F;
    const int width = marks.width();
    const int height = marks.height();
    Plane distance(marks.size());
    for (std::size_t i = 0; i < distance.count(); ++i) {
        distance[i] = marks[i] != 0 ? 0 : kFar;
    }
    for (int y = 0; y < height; ++y) {
        float* row = distance.row(y);
        if (y > 0) {
            step_from_row(distance.row(y - 1), row, width);
        }
        float left = row[0];
        for (int x = 1; x < width; ++x) {
            left = std::min(row[x], left + 1);
            row[x] = left;
        }
    }
    for (int y = height; y-- > 0;) {
        float* row = distance.row(y);
        if (y + 1 < height) {
            step_from_row(distance.row(y + 1), row, width);
        }
        float right = row[width - 1];
        for (int x = width - 1; x-- > 0;) {
            right = std::min(row[x], right + 1);
            row[x] = right;
        }
    }
    return distance;
}

}  // namespace editprep::imaging
