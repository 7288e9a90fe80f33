#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

/// Running one-dimensional filters along the rows and the columns of a raster.
///
/// Both directions are turned into the same shape, a tile: `length` steps of kTileLanes bytes, each
/// lane a line of the picture. A filter is then written once, as a loop over steps around a loop
/// over lanes, and the inner loop vectorises whatever the direction.
namespace editprep::imaging {

inline constexpr std::size_t kTileLanes = 64;

/// The lines a filter works on. A pass reads every front(i), writes every back(i) and calls flip().
class LineTile {
public:
    /// Steps are `stride` bytes apart in both buffers.
    LineTile(std::uint8_t* front, std::uint8_t* back, int length, std::size_t stride)
        : front_(front), back_(back), length_(length), stride_(stride) {}

    [[nodiscard]] int length() const noexcept { return length_; }
    /// kTileLanes values, 0 <= step < length().
    [[nodiscard]] const std::uint8_t* front(int step) const noexcept {
        return front_ + offset(step);
    }
    [[nodiscard]] std::uint8_t* back(int step) const noexcept { return back_ + offset(step); }
    void flip() noexcept { std::swap(front_, back_); }

private:
    [[nodiscard]] std::size_t offset(int step) const noexcept {
        return static_cast<std::size_t>(step) * stride_;
    }

    std::uint8_t* front_;
    std::uint8_t* back_;
    int length_;
    std::size_t stride_;
};

using TileFilter = std::function<void(LineTile&)>;

/// A raster whose lines are filtered in place.
struct Raster {
    std::uint8_t* data = nullptr;
    Size size;
    int channels = 1;
};
[[nodiscard]] Raster raster_of(Mask& mask);
[[nodiscard]] Raster raster_of(Image& image);

/// `reach_px` is how far a value can influence its line. The filter must map a constant line to
/// itself and repeat the end values beyond the ends: parts of a line that are constant further than
/// the reach are then skipped.
void filter_rows(const Raster& raster, int reach_px, const TileFilter& filter);
void filter_columns(const Raster& raster, int reach_px, const TileFilter& filter);

/// Room for a tile of `length` pixels of `channels` channels and for what a filter makes of it.
class TileBuffers {
public:
    TileBuffers(int length, int channels);

    /// For steps one after the other, of all channels. The last tile of a raster may leave lanes
    /// unused: these must be cleared.
    [[nodiscard]] std::uint8_t* data() noexcept { return front_.data(); }

    /// Filters one channel of the first `length` pixels: only the steps within reach of a change
    /// along the line; the others are constant and stay.
    void run(std::size_t channel, int length, int reach_px, const TileFilter& filter);

private:
    [[nodiscard]] std::size_t offset(std::size_t channel, int i) const noexcept {
        return static_cast<std::size_t>(i) * stride_ + channel * kTileLanes;
    }
    [[nodiscard]] bool same(std::size_t channel, int i) const noexcept;

    std::size_t stride_;
    PixelBuffer front_;
    PixelBuffer back_;
};

/// filter_rows() on a few rows at a time, with everything it needs kept from call to call.
class BandFilter {
public:
    /// @param reach_px, filter as for filter_rows()
    BandFilter(int width, int channels, int reach_px, TileFilter filter);

    /// Filters rows in place, at most kTileLanes, that lie `stride` bytes apart.
    void run(std::uint8_t* rows, std::size_t stride, std::size_t count);

private:
    void mark_edges(const std::uint8_t* rows, std::size_t stride, std::size_t count);
    void filter_stretch(std::uint8_t* rows, std::size_t stride, std::size_t count, int begin,
                        int end);

    int width_;
    std::size_t channels_;
    int reach_px_;
    TileFilter filter_;
    TileBuffers tile_;
    /// Not zero where a sample of any row of the band differs from the pixel before.
    std::vector<std::uint8_t> edges_;
};

}  // namespace editprep::imaging
