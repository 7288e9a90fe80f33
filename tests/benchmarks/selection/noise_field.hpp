#pragma once

#include <cstdint>

namespace editprep::benchmarks {

/// Smooth random values in [-1, 1] over the plane: random numbers at whole coordinates, blended
/// between them. The seed says which field.
[[nodiscard]] double noise_at(double x, double y, std::uint64_t seed) noexcept;

/// Noise of `octaves` scales, each half as coarse and half as strong as the one before.
[[nodiscard]] double clouds_at(double x, double y, int octaves, std::uint64_t seed) noexcept;

}  // namespace editprep::benchmarks
