#include "backdrop/ridges.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// One step along a line, and one across it.
struct Direction {
    int along_x;
    int along_y;
    int across_x;
    int across_y;
};

constexpr std::array<Direction, kRidgeDirections> kDirections{
    {{1, 0, 0, 1}, {0, 1, 1, 0}, {1, 1, 1, -1}, {1, -1, 1, 1}}};

/// Three cells along a line.
using Three = std::array<const float*, 3>;

/// For one channel: on the line, and to either side of it.
struct Lanes {
    Three line;
    Three one;
    Three other;
};

Three three_at(const Plane& plane, int x, int y, const Direction& direction) {
    const auto at = [&](int k) {
        return plane.row(y + k * direction.along_y) + x + k * direction.along_x;
    };
    return {at(-1), at(0), at(1)};
}

/// @param x, y of the first cell
std::array<Lanes, 3> lanes_at(const Planes& values, int x, int y, const Direction& direction,
                              int reach) {
    const int across_x = reach * direction.across_x;
    const int across_y = reach * direction.across_y;
    std::array<Lanes, 3> lanes{};
    for (std::size_t c = 0; c < 3; ++c) {
        lanes[c] = {three_at(values[c], x, y, direction),
                    three_at(values[c], x + across_x, y + across_y, direction),
                    three_at(values[c], x - across_x, y - across_y, direction)};
    }
    return lanes;
}

EDITPREP_SIMD_CLONES
void keep_ridges(const std::array<Lanes, 3>& lanes, float* __restrict ridges, int count) {
    // The squared cosine of the angle between what is left and right of a line.
    constexpr float kAlike = 0.5F;
    for (int x = 0; x < count; ++x) {
        float to_one = 0;
        float to_other = 0;
        float both = 0;
        for (const Lanes& lane : lanes) {
            const float line = lane.line[0][x] + lane.line[1][x] + lane.line[2][x];
            const float a = line - (lane.one[0][x] + lane.one[1][x] + lane.one[2][x]);
            const float b = line - (lane.other[0][x] + lane.other[1][x] + lane.other[2][x]);
            to_one += a * a;
            to_other += b * b;
            both += a * b;
        }
        // Below 0 where the line is between the two.
        const float square = both * std::abs(both);
        const float ridge =
            square >= kAlike * to_one * to_other ? std::min(to_one, to_other) : 0.0F;
        ridges[x] = std::max(ridges[x], ridge);
    }
}

}  // namespace

Plane measure_ridges(const Planes& values, int reach) {
    Plane ridges(values[0].size());
    const int margin = reach + 1;
    if (ridges.width() <= 2 * margin) {
        return ridges;
    }
    for (int y = margin; y < ridges.height() - margin; ++y) {
        for (const Direction& direction : kDirections) {
            keep_ridges(lanes_at(values, margin, y, direction, reach), ridges.row(y) + margin,
                        ridges.width() - 2 * margin);
        }
    }
    return ridges;
}

float ridge_at(const Planes& values, int x, int y, int reach, std::size_t direction) {
    const int margin = reach + 1;
    const Size size = values[0].size();
    if (std::min(x, y) < margin || x >= size.width - margin || y >= size.height - margin) {
        return 0;
    }
    float ridge = 0;
    keep_ridges(lanes_at(values, x, y, kDirections[direction], reach), &ridge, 1);
    return ridge;
}

}  // namespace editprep::imaging
