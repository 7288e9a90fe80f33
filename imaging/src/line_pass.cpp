#include "line_pass.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "transpose.hpp"

namespace editprep::imaging {
namespace {

std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// Room for a tile of `length` pixels of `channels` channels and for what a filter makes of it,
/// reused for every tile of a raster.
class TileBuffers {
public:
    TileBuffers(int length, std::size_t channels)
        : length_(length),
          stride_(channels * kTileLanes),
          front_(index(length) * stride_),
          back_(index(length) * stride_) {}

    [[nodiscard]] std::uint8_t* data() noexcept { return front_.data(); }

    /// Filters one channel: only the steps within reach of a change along the line; the others are
    /// constant and stay.
    void run(std::size_t channel, int reach_px, const TileFilter& filter) {
        int first_change = 1;
        while (first_change < length_ && same(channel, first_change)) {
            ++first_change;
        }
        if (first_change >= length_) {
            return;
        }
        int last_change = length_ - 1;
        while (same(channel, last_change)) {
            --last_change;
        }
        const int begin = std::max(0, first_change - 1 - reach_px);
        const int end = std::min(length_, last_change + 1 + reach_px);
        std::uint8_t* const front = front_.data() + offset(channel, begin);
        LineTile tile(front, back_.data() + offset(channel, begin), end - begin, stride_);
        filter(tile);
        if (tile.front(0) != front) {
            for (int i = 0; i < tile.length(); ++i) {
                std::memcpy(tile.back(i), tile.front(i), kTileLanes);
            }
        }
    }

private:
    [[nodiscard]] std::size_t offset(std::size_t channel, int i) const noexcept {
        return index(i) * stride_ + channel * kTileLanes;
    }
    [[nodiscard]] bool same(std::size_t channel, int i) const noexcept {
        const std::uint8_t* step = front_.data() + offset(channel, i);
        return std::memcmp(step, step - stride_, kTileLanes) == 0;
    }

    int length_;
    std::size_t stride_;
    // Cleared, because the last tile of a raster may leave lanes unused.
    std::vector<std::uint8_t> front_;
    std::vector<std::uint8_t> back_;
};

bool every_row_is_constant(const std::uint8_t* data, std::size_t stride, std::size_t rows,
                           std::size_t channels) {
    for (std::size_t r = 0; r < rows; ++r) {
        const std::uint8_t* row = data + r * stride;
        // A row is constant when it equals itself shifted by one pixel.
        if (std::memcmp(row, row + channels, stride - channels) != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

Raster raster_of(Mask& mask) { return {mask.row(0), mask.size(), 1}; }

Raster raster_of(Image& image) { return {image.row(0), image.size(), image.channel_count()}; }

void filter_rows(const Raster& raster, int reach_px, const TileFilter& filter) {
    const std::size_t channels = index(raster.channels);
    const std::size_t stride = index(raster.size.width) * channels;
    const std::size_t height = index(raster.size.height);
    TileBuffers buffers(raster.size.width, channels);
    for (std::size_t y = 0; y < height; y += kTileLanes) {
        std::uint8_t* const data = raster.data + y * stride;
        const std::size_t rows = std::min(kTileLanes, height - y);
        if (every_row_is_constant(data, stride, rows, channels)) {
            continue;
        }
        // Every byte of a row becomes a step of its own, so the channels of a pixel alternate.
        transpose(data, stride, stride, rows, buffers.data(), kTileLanes);
        for (std::size_t channel = 0; channel < channels; ++channel) {
            buffers.run(channel, reach_px, filter);
        }
        transpose(buffers.data(), kTileLanes, rows, stride, data, stride);
    }
}

void filter_columns(const Raster& raster, int reach_px, const TileFilter& filter) {
    const std::size_t stride = index(raster.size.width) * index(raster.channels);
    TileBuffers buffers(raster.size.height, 1);
    for (std::size_t x = 0; x < stride; x += kTileLanes) {
        const std::size_t lanes = std::min(kTileLanes, stride - x);
        std::uint8_t* const data = raster.data + x;
        for (std::size_t y = 0; y < index(raster.size.height); ++y) {
            std::memcpy(buffers.data() + y * kTileLanes, data + y * stride, lanes);
        }
        buffers.run(0, reach_px, filter);
        for (std::size_t y = 0; y < index(raster.size.height); ++y) {
            std::memcpy(data + y * stride, buffers.data() + y * kTileLanes, lanes);
        }
    }
}

}  // namespace editprep::imaging
