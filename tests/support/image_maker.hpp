#pragma once

#include <cstdint>
#include <functional>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Pictures drawn in code, so that a test shows what it works on.
namespace editprep::testing {

using imaging::Channels;
using imaging::Color;
using imaging::Image;
using imaging::Mask;
using imaging::Size;

/// The value of each pixel from its place; for grey only red is used.
[[nodiscard]] Image make_image(Size size, Channels channels,
                               const std::function<Color(int x, int y)>& pixel);
[[nodiscard]] Mask make_mask(Size size, const std::function<int(int x, int y)>& value);
/// Seeded noise in every channel.
[[nodiscard]] Image noise_image(Size size, Channels channels, std::uint32_t seed = 1);
[[nodiscard]] Mask noise_mask(Size size, std::uint32_t seed = 1);

/// The fixtures of the compatibility cases: a blue square on near-white (S1), a busy pattern (S2),
/// a gradient of alpha (S3), a small grey mask (M1).
[[nodiscard]] Image fixture_s1();
[[nodiscard]] Image fixture_s2();
[[nodiscard]] Image fixture_s3();
[[nodiscard]] Mask fixture_m1();

/// Two squares on white, the larger one a frame around a hole.
[[nodiscard]] Image two_squares();

/// CRC-32 (as in PNG) of the samples, row by row, channels interleaved.
[[nodiscard]] std::uint32_t crc32_of(const Image& image);
[[nodiscard]] std::uint32_t crc32_of(const Mask& mask);
/// Sum of all samples.
[[nodiscard]] std::int64_t sum_of(const Image& image);
[[nodiscard]] std::int64_t sum_of(const Mask& mask);

}  // namespace editprep::testing
