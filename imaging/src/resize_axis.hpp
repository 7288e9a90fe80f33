#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/resize.hpp"

/// Along one side of a resampled picture: which samples of the input make one of the output.
namespace editprep::imaging {

/// Weights are fixed-point numbers with so many bits behind the point.
inline constexpr int kResizeWeightBits = 22;

/// The input samples of one output sample, and their weights, which add up to one.
struct Taps {
    int first = 0;
    std::vector<std::int32_t> weights;
};

/// The taps of the output samples [begin, begin + count) of a side that grows or shrinks from
/// `in_length` to `out_length`; they move to the right. A side that keeps its length has a single
/// tap for each.
[[nodiscard]] std::vector<Taps> resize_axis(int in_length, std::int64_t out_length,
                                            std::int64_t begin, int count, ResizeKernel kernel);

/// The input samples [begin, end) that a run of output samples needs.
[[nodiscard]] inline int input_begin(std::span<const Taps> taps) { return taps.front().first; }
[[nodiscard]] inline int input_end(std::span<const Taps> taps) {
    return taps.back().first + static_cast<int>(taps.back().weights.size());
}

}  // namespace editprep::imaging
