#include "line_pass.hpp"

#include <algorithm>
#include <cstring>

#include "nonzero.hpp"
#include "simd.hpp"
#include "transpose.hpp"

namespace editprep::imaging {
namespace {

std::size_t index(int value) { return static_cast<std::size_t>(value); }

EDITPREP_SIMD_CLONES
void add_differences(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b,
                     std::uint8_t* __restrict differences, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        differences[i] |= a[i] ^ b[i];
    }
}

}  // namespace

Raster raster_of(Mask& mask) { return {mask.row(0), mask.size(), 1}; }

Raster raster_of(Image& image) { return {image.row(0), image.size(), image.channel_count()}; }

TileBuffers::TileBuffers(int length, int channels)
    : stride_(index(channels) * kTileLanes),
      front_(index(length) * stride_),
      back_(index(length) * stride_) {}

bool TileBuffers::same(std::size_t channel, int i) const noexcept {
    const std::uint8_t* step = front_.data() + offset(channel, i);
    return std::memcmp(step, step - stride_, kTileLanes) == 0;
}

void TileBuffers::run(std::size_t channel, int length, int reach_px, const TileFilter& filter) {
    int first_change = 1;
    while (first_change < length && same(channel, first_change)) {
        ++first_change;
    }
    if (first_change >= length) {
        return;
    }
    int last_change = length - 1;
    while (same(channel, last_change)) {
        --last_change;
    }
    const int begin = std::max(0, first_change - 1 - reach_px);
    const int end = std::min(length, last_change + 1 + reach_px);
    std::uint8_t* const front = front_.data() + offset(channel, begin);
    LineTile tile(front, back_.data() + offset(channel, begin), end - begin, stride_);
    filter(tile);
    if (tile.front(0) != front) {
        for (int i = 0; i < tile.length(); ++i) {
            std::memcpy(tile.back(i), tile.front(i), kTileLanes);
        }
    }
}

BandFilter::BandFilter(int width, int channels, int reach_px, TileFilter filter)
    : width_(width),
      channels_(index(channels)),
      reach_px_(std::min(reach_px, width)),
      filter_(std::move(filter)),
      tile_(width, channels),
      edges_(index(width) * channels_) {}

void BandFilter::mark_edges(const std::uint8_t* rows, std::size_t stride, std::size_t count) {
    std::fill(edges_.begin(), edges_.end(), std::uint8_t{0});
    for (std::size_t r = 0; r < count; ++r) {
        const std::uint8_t* row = rows + r * stride;
        add_differences(row + channels_, row, edges_.data() + channels_, edges_.size() - channels_);
    }
}

void BandFilter::filter_stretch(std::uint8_t* rows, std::size_t stride, std::size_t count,
                                int begin, int end) {
    const std::size_t bytes = index(end - begin) * channels_;
    std::uint8_t* const data = rows + index(begin) * channels_;
    if (count < kTileLanes) {
        std::memset(tile_.data(), 0, bytes * kTileLanes);
    }
    // Every byte of a row becomes a step of its own, so the channels of a pixel alternate.
    transpose(data, stride, bytes, count, tile_.data(), kTileLanes);
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        tile_.run(channel, end - begin, reach_px_, filter_);
    }
    transpose(tile_.data(), kTileLanes, count, bytes, data, stride);
}

void BandFilter::run(std::uint8_t* rows, std::size_t stride, std::size_t count) {
    mark_edges(rows, stride, count);
    const auto next_edge = [this](int from) {
        return static_cast<int>(
            find_nonzero(edges_.data(), index(from) * channels_, edges_.size()) / channels_);
    };
    for (int edge = next_edge(0); edge < width_;) {
        const int begin = std::max(0, edge - 1 - reach_px_);
        int end = 0;
        // Stretches that touch are one.
        do {
            end = std::min(width_, edge + 1 + reach_px_);
            edge = next_edge(edge + 1);
        } while (edge < width_ && edge - 1 - reach_px_ <= end);
        filter_stretch(rows, stride, count, begin, end);
    }
}

void filter_rows(const Raster& raster, int reach_px, const TileFilter& filter) {
    const std::size_t stride = index(raster.size.width) * index(raster.channels);
    const std::size_t height = index(raster.size.height);
    BandFilter band(raster.size.width, raster.channels, reach_px, filter);
    for (std::size_t y = 0; y < height; y += kTileLanes) {
        band.run(raster.data + y * stride, stride, std::min(kTileLanes, height - y));
    }
}

void filter_columns(const Raster& raster, int reach_px, const TileFilter& filter) {
    const std::size_t stride = index(raster.size.width) * index(raster.channels);
    TileBuffers tile(raster.size.height, 1);
    for (std::size_t x = 0; x < stride; x += kTileLanes) {
        const std::size_t lanes = std::min(kTileLanes, stride - x);
        std::uint8_t* const data = raster.data + x;
        if (lanes < kTileLanes) {
            std::memset(tile.data(), 0, index(raster.size.height) * kTileLanes);
        }
        for (std::size_t y = 0; y < index(raster.size.height); ++y) {
            std::memcpy(tile.data() + y * kTileLanes, data + y * stride, lanes);
        }
        tile.run(0, raster.size.height, reach_px, filter);
        for (std::size_t y = 0; y < index(raster.size.height); ++y) {
            std::memcpy(data + y * stride, tile.data() + y * kTileLanes, lanes);
        }
    }
}

}  // namespace editprep::imaging
