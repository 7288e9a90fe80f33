#include "resize_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "line_pass.hpp"
#include "simd.hpp"
#include "transpose.hpp"

namespace editprep::imaging {
namespace {

constexpr std::int32_t kHalf = 1 << (kResizeWeightBits - 1);
/// Output pixels that are resampled along x in one go: the lanes of their input and output stay in
/// the second-level cache.
constexpr std::size_t kBlockPixels = 256;

std::size_t index(int value) { return static_cast<std::size_t>(value); }

std::uint8_t to_byte(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> kResizeWeightBits, 0, 255));
}

/// One output sample in each of kTileLanes neighbouring lines: the weighted sum of samples that lie
/// `stride` bytes apart.
EDITPREP_SIMD_CLONES
void weigh_lanes(const std::uint8_t* __restrict samples, std::size_t stride,
                 const std::int32_t* __restrict weights, std::size_t taps,
                 std::uint8_t* __restrict out) {
    std::array<std::int32_t, kTileLanes> sums;
    sums.fill(kHalf);
    for (std::size_t i = 0; i < taps; ++i) {
        for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
            sums[lane] += weights[i] * samples[i * stride + lane];
        }
    }
    for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
        out[lane] = to_byte(sums[lane]);
    }
}

/// The same for fewer lines than make a tile.
void weigh_few(const std::uint8_t* samples, std::size_t stride, const Taps& taps, std::uint8_t* out,
               std::size_t lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::int32_t sum = kHalf;
        for (std::size_t i = 0; i < taps.weights.size(); ++i) {
            sum += taps.weights[i] * samples[i * stride + lane];
        }
        out[lane] = to_byte(sum);
    }
}

/// One output row of `bytes` bytes; `samples` begins with the first of the rows that it needs.
void weigh_rows(const std::uint8_t* samples, std::size_t bytes, const Taps& taps,
                std::uint8_t* out) {
    const std::size_t whole_tiles = bytes - bytes % kTileLanes;
    for (std::size_t x = 0; x < whole_tiles; x += kTileLanes) {
        weigh_lanes(samples + x, bytes, taps.weights.data(), taps.weights.size(), out + x);
    }
    weigh_few(samples + whole_tiles, bytes, taps, out + whole_tiles, bytes - whole_tiles);
}

/// Whether every output sample is an input sample: a single tap weighs one.
bool copies(std::span<const Taps> taps) {
    return index(input_end(taps) - input_begin(taps)) == taps.size() &&
           std::ranges::all_of(taps, [](const Taps& tap) { return tap.weights.size() == 1; });
}

std::size_t longest(std::span<const Taps> taps) {
    std::size_t most = 0;
    for (const Taps& tap : taps) {
        most = std::max(most, tap.weights.size());
    }
    return most;
}

std::span<const Taps> block_at(std::span<const Taps> across, std::size_t x) {
    return across.subspan(x, std::min(kBlockPixels, across.size() - x));
}

/// How many pixels of the input the widest block needs.
std::size_t widest_block(std::span<const Taps> across) {
    std::size_t most = 0;
    for (std::size_t x = 0; x < across.size(); x += kBlockPixels) {
        const auto block = block_at(across, x);
        most = std::max(most, index(input_end(block) - input_begin(block)));
    }
    return most;
}

}  // namespace

std::size_t ResizeRows::rows_held(std::span<const Taps> down) {
    // As many again as a row of the output needs: moving what is still needed to the front then
    // costs less than what was resampled meanwhile.
    const std::size_t needed = longest(down);
    return std::min(needed + std::max(needed, kTileLanes),
                    index(input_end(down) - input_begin(down)));
}

ResizeRows::ResizeRows(Input input, std::size_t channels, int input_width,
                       std::span<const Taps> across, std::span<const Taps> down)
    : input_(std::move(input)),
      channels_(channels),
      across_(across),
      down_(down),
      in_stride_(index(input_width) * channels),
      out_stride_(across.size() * channels),
      held_(rows_held(down) * out_stride_),
      held_from_(input_begin(down)),
      held_until_(input_begin(down)) {
    if (!copies(across)) {
        in_tile_.resize(widest_block(across) * channels * kTileLanes);
        out_tile_ = PixelBuffer(std::min(kBlockPixels, across.size()) * channels * kTileLanes);
    }
}

void ResizeRows::next(std::uint8_t* row) {
    const Taps& taps = down_[rows_made_];
    fetch_until(taps.first + static_cast<int>(taps.weights.size()));
    ++rows_made_;
    if (taps.weights.size() == 1) {
        std::memcpy(row, held_row(taps.first), out_stride_);
    } else {
        weigh_rows(held_row(taps.first), out_stride_, taps, row);
    }
}

void ResizeRows::fetch_until(int end) {
    while (held_until_ < end) {
        const int count = std::min(static_cast<int>(kTileLanes), input_end(down_) - held_until_);
        make_room(count, down_[rows_made_].first);
        resize_across(input_(held_until_, count), index(count), held_row(held_until_));
        held_until_ += count;
    }
}

void ResizeRows::make_room(int count, int first_needed) {
    if (index(held_until_ - held_from_ + count) * out_stride_ <= held_.size()) {
        return;
    }
    std::memmove(held_.data(), held_row(first_needed),
                 index(held_until_ - first_needed) * out_stride_);
    held_from_ = first_needed;
}

void ResizeRows::resize_across(const std::uint8_t* rows, std::size_t count, std::uint8_t* out) {
    rows += index(input_begin(across_)) * channels_;
    if (in_tile_.empty()) {
        for (std::size_t y = 0; y < count; ++y) {
            std::memcpy(out + y * out_stride_, rows + y * in_stride_, out_stride_);
        }
        return;
    }
    for (std::size_t x = 0; x < across_.size(); x += kBlockPixels) {
        const auto block = block_at(across_, x);
        const auto skipped = index(input_begin(block) - input_begin(across_)) * channels_;
        resize_block(rows + skipped, count, block, out + x * channels_);
    }
}

/// The rows are turned into lanes of a tile, so that neighbouring lines are neighbours in memory.
/// `rows` and `out` begin with the block's first pixels.
void ResizeRows::resize_block(const std::uint8_t* rows, std::size_t count,
                              std::span<const Taps> block, std::uint8_t* out) {
    const std::size_t pixel = channels_ * kTileLanes;
    const int left = input_begin(block);
    transpose(rows, in_stride_, index(input_end(block) - left) * channels_, count, in_tile_.data(),
              kTileLanes);
    std::uint8_t* sample = out_tile_.data();
    for (const Taps& tap : block) {
        const std::uint8_t* first = in_tile_.data() + index(tap.first - left) * pixel;
        for (std::size_t c = 0; c < channels_; ++c, sample += kTileLanes) {
            weigh_lanes(first + c * kTileLanes, pixel, tap.weights.data(), tap.weights.size(),
                        sample);
        }
    }
    transpose(out_tile_.data(), kTileLanes, count, block.size() * channels_, out, out_stride_);
}

}  // namespace editprep::imaging
