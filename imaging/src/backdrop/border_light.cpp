#include "backdrop/border_light.hpp"

#include <algorithm>
#include <cstddef>

#include "backdrop/opponent.hpp"
#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// The colours of a closed line without the noise of single cells, which would run through the
/// whole picture: each is averaged with those nearby that differ from it as noise does. A horizon
/// differs by more. Source: J.-S. Lee, "Digital image smoothing and the sigma filter", 1983.
std::vector<Rgb> without_noise(const std::vector<Rgb>& ring) {
    constexpr int kReach = 8;
    constexpr float kTimesUsual = 3;
    // Of a picture without noise.
    constexpr float kRounding = 0.3F;
    const int count = static_cast<int>(ring.size());
    const auto at = [&](int i) { return ring[around(i, count)]; };
    std::vector<float> bends;
    for (int i = 0; i < count; ++i) {
        bends.push_back(distance(at(i), mix(at(i - 1), at(i + 1), 0.5F)));
    }
    const float limit = kTimesUsual * (median(bends) - kRounding);
    if (limit <= 0) {
        return ring;
    }
    std::vector<Rgb> result;
    for (int i = 0; i < count; ++i) {
        Rgb sum{};
        float cells = 0;
        for (int k = -kReach; k <= kReach; ++k) {
            if (distance(at(i), at(i + k)) <= limit) {
                for (std::size_t c = 0; c < sum.size(); ++c) {
                    sum[c] += at(i + k)[c];
                }
                ++cells;
            }
        }
        result.push_back({sum[0] / cells, sum[1] / cells, sum[2] / cells});
    }
    return result;
}

/// What each value of a closed line would have to rise by for no dip to be narrower than that: a
/// closing less the line itself.
/// Source: J. Serra, "Image analysis and mathematical morphology", 1982.
std::vector<float> depth_of_dips(const std::vector<float>& line, int reach) {
    const int count = static_cast<int>(line.size());
    const auto extreme_around = [&](const std::vector<float>& values, int i, auto pick) {
        float extreme = values[around(i, count)];
        for (int k = -reach; k <= reach; ++k) {
            extreme = pick(extreme, values[around(i + k, count)]);
        }
        return extreme;
    };
    std::vector<float> highest;
    for (int i = 0; i < count; ++i) {
        highest.push_back(extreme_around(line, i, [](float a, float b) { return std::max(a, b); }));
    }
    std::vector<float> depth;
    for (int i = 0; i < count; ++i) {
        depth.push_back(
            extreme_around(highest, i, [](float a, float b) { return std::min(a, b); }) -
            line[around(i, count)]);
    }
    return depth;
}

/// The colours of the border, with straight lines across the shadows that fall on it and would run
/// through the whole picture as the noise does. Light has no valleys so narrow, but for that where
/// a wall meets the floor, and that one is seen on the opposite side as well.
std::vector<Rgb> without_shadows(const std::vector<Rgb>& ring, const BorderLine& border) {
    constexpr int kReach = 14;
    constexpr float kDeep = 12;
    constexpr float kFlank = 1;
    constexpr float kAlike = 0.4F;
    const int count = static_cast<int>(ring.size());
    std::vector<float> luma;
    for (const Rgb& color : ring) {
        luma.push_back(to_opponent(color).luma);
    }
    const std::vector<float> depth = depth_of_dips(luma, kReach);
    std::vector<char> lit(ring.size(), 1);
    const auto start =
        static_cast<int>(std::min_element(depth.begin(), depth.end()) - depth.begin());
    for (int i = start; i < start + count; ++i) {
        const int begin = i;
        float deepest = 0;
        float deepest_opposite = 0;
        for (; depth[around(i, count)] > kFlank; ++i) {
            deepest = std::max(deepest, depth[around(i, count)]);
            deepest_opposite = std::max(deepest_opposite, depth[border.opposite(around(i, count))]);
        }
        if (deepest > kDeep && deepest_opposite < kAlike * deepest) {
            for (int k = begin; k < i; ++k) {
                lit[around(k, count)] = 0;
            }
        }
    }
    return bridged(ring, lit);
}

}  // namespace

std::vector<Rgb> light_along(const BorderLine& border) {
    return without_shadows(without_noise(border.bridged()), border);
}

}  // namespace editprep::imaging
