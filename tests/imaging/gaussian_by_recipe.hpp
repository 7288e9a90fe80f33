#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "editprep/imaging/image.hpp"

/// The blur of the contract, straight from its recipe: the slow twin of every faster one.
namespace editprep::testing {

/// The radius of the extended box, with its fraction.
[[nodiscard]] inline float box_radius(double sigma) {
    const auto s = static_cast<float>(sigma);
    const float s2 = s * s / 3;
    const auto length = static_cast<float>(std::sqrt(12.0 * s2 + 1.0));
    const auto l = static_cast<float>(std::floor((length - 1.0) / 2.0));
    return l + (2 * l + 1) * (l * (l + 1) - 3 * s2) / (6 * (s2 - (l + 1) * (l + 1)));
}

/// One box pass along a line: 2k+1 whole samples, two partial ones.
[[nodiscard]] inline std::vector<int> box_by_recipe(const std::vector<int>& line, float radius) {
    const int k = static_cast<int>(radius);
    const auto whole = static_cast<std::int64_t>(static_cast<float>(1 << 24) / (radius * 2 + 1));
    const std::int64_t part = ((1 << 24) - (2 * k + 1) * whole) / 2;
    const int last = static_cast<int>(line.size()) - 1;
    const auto at = [&](int i) { return line[static_cast<std::size_t>(std::clamp(i, 0, last))]; };
    std::vector<int> out;
    for (int i = 0; i <= last; ++i) {
        std::int64_t sum = 1 << 23;
        for (int d = -k; d <= k; ++d) {
            sum += at(i + d) * whole;
        }
        sum += (at(i - k - 1) + at(i + k + 1)) * part;
        out.push_back(static_cast<int>(sum >> 24));
    }
    return out;
}

/// Three passes over `count` samples that lie `step` bytes apart.
inline void blur_line_by_recipe(std::uint8_t* samples, int count, std::ptrdiff_t step,
                                double sigma) {
    std::vector<int> line;
    for (int i = 0; i < count; ++i) {
        line.push_back(samples[i * step]);
    }
    for (int pass = 0; pass < 3; ++pass) {
        line = box_by_recipe(line, box_radius(sigma));
    }
    for (int i = 0; i < count; ++i) {
        samples[i * step] = static_cast<std::uint8_t>(line[static_cast<std::size_t>(i)]);
    }
}

/// @param data of packed rows of `channels` interleaved bytes a pixel
inline void blur_by_recipe(std::uint8_t* data, imaging::Size size, int channels, double sigma) {
    const std::ptrdiff_t stride = std::ptrdiff_t{size.width} * channels;
    for (int y = 0; y < size.height; ++y) {
        for (int channel = 0; channel < channels; ++channel) {
            blur_line_by_recipe(data + y * stride + channel, size.width, channels, sigma);
        }
    }
    for (std::ptrdiff_t x = 0; x < stride; ++x) {
        blur_line_by_recipe(data + x, size.height, stride, sigma);
    }
}

}  // namespace editprep::testing
