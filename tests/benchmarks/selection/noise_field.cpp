#include "noise_field.hpp"

#include <cmath>

namespace editprep::benchmarks {
namespace {

double lattice(std::int64_t x, std::int64_t y, std::uint64_t seed) noexcept {
    std::uint64_t hash = seed ^ (static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15U) ^
                         (static_cast<std::uint64_t>(y) * 0xC2B2AE3D27D4EB4FU);
    hash = (hash ^ (hash >> 32U)) * 0xD6E8FEB86659FD93U;
    hash = (hash ^ (hash >> 32U)) * 0xD6E8FEB86659FD93U;
    return static_cast<double>(hash >> 40U) / static_cast<double>(1U << 23U) - 1.0;
}

double smooth(double t) noexcept { return t * t * (3 - 2 * t); }

}  // namespace

double noise_at(double x, double y, std::uint64_t seed) noexcept {
    const double left = std::floor(x);
    const double top = std::floor(y);
    const auto column = static_cast<std::int64_t>(left);
    const auto line = static_cast<std::int64_t>(top);
    const double across = smooth(x - left);
    const double down = smooth(y - top);
    const double upper =
        std::lerp(lattice(column, line, seed), lattice(column + 1, line, seed), across);
    const double lower =
        std::lerp(lattice(column, line + 1, seed), lattice(column + 1, line + 1, seed), across);
    return std::lerp(upper, lower, down);
}

double clouds_at(double x, double y, int octaves, std::uint64_t seed) noexcept {
    double sum = 0;
    double strength = 1;
    double total = 0;
    for (int i = 0; i < octaves; ++i) {
        sum += strength * noise_at(x, y, seed + static_cast<std::uint64_t>(i));
        total += strength;
        strength *= 0.5;
        x *= 2;
        y *= 2;
    }
    return sum / total;
}

}  // namespace editprep::benchmarks
