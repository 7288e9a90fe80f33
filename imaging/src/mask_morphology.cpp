#include "editprep/imaging/mask_morphology.hpp"

#include <algorithm>
#include <array>

#include "gaussian.hpp"
#include "invert_bytes.hpp"
#include "line_pass.hpp"

namespace editprep::imaging {
namespace {

struct Maximum {
    static constexpr std::uint8_t kNeutral = 0;
    static std::uint8_t of(std::uint8_t a, std::uint8_t b) { return std::max(a, b); }
};

struct Minimum {
    static constexpr std::uint8_t kNeutral = 255;
    static std::uint8_t of(std::uint8_t a, std::uint8_t b) { return std::min(a, b); }
};

/// The extremum of what it was given since the last reset, lane by lane.
template <class Extremum>
class Running {
public:
    Running() { reset(); }
    void reset() { lanes_.fill(Extremum::kNeutral); }
    void include(const std::uint8_t* step) {
        for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
            lanes_[lane] = Extremum::of(lanes_[lane], step[lane]);
        }
    }
    [[nodiscard]] const std::uint8_t* data() const { return lanes_.data(); }

private:
    alignas(64) std::array<std::uint8_t, kTileLanes> lanes_;
};

template <class Extremum>
void merge_into(std::uint8_t* target, const std::uint8_t* other) {
    for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
        target[lane] = Extremum::of(target[lane], other[lane]);
    }
}

/// Extremum over [i - radius, i + radius], clipped to the line, in two sweeps whatever the radius:
/// M. van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and
/// octagonal kernels", 1992. The line, padded by `radius` on both sides, is cut into blocks as long
/// as the window; a window is the end of one block and the beginning of the next.
template <class Extremum>
void window_pass(LineTile& tile, int radius_px) {
    const int length = tile.length();
    const int radius = std::min(radius_px, length - 1);
    const int window = 2 * radius + 1;
    const auto is_inside = [&](int i) { return i >= 0 && i < length; };

    Running<Extremum> block;
    const int last_block_end = ((length - 1) / window + 1) * window - 1;
    for (int padded = last_block_end; padded >= 0; --padded) {
        if (padded % window == window - 1) {
            block.reset();
        }
        if (is_inside(padded - radius)) {
            block.include(tile.front(padded - radius));
        }
        if (padded < length) {
            std::copy_n(block.data(), kTileLanes, tile.back(padded));
        }
    }

    for (int padded = 0; padded < length + 2 * radius; ++padded) {
        if (padded % window == 0) {
            block.reset();
        }
        if (is_inside(padded - radius)) {
            block.include(tile.front(padded - radius));
        }
        if (padded >= 2 * radius) {
            merge_into<Extremum>(tile.back(padded - 2 * radius), block.data());
        }
    }
    tile.flip();
}

template <class Extremum>
Mask window_extremum(const Mask& mask, int radius_px) {
    Mask result = mask;
    if (radius_px <= 0) {
        return result;
    }
    const int reach = std::min(radius_px, std::max(mask.width(), mask.height()));
    const TileFilter filter = [reach](LineTile& tile) { window_pass<Extremum>(tile, reach); };
    filter_rows(raster_of(result), reach, filter);
    filter_columns(raster_of(result), reach, filter);
    return result;
}

}  // namespace

Mask grow(const Mask& mask, int radius_px) { return window_extremum<Maximum>(mask, radius_px); }

Mask shrink(const Mask& mask, int radius_px) { return window_extremum<Minimum>(mask, radius_px); }

Mask feather(const Mask& mask, double sigma_px) {
    Mask result = mask;
    gaussian_blur(raster_of(result), sigma_px);
    return result;
}

Mask invert(const Mask& mask) {
    Mask result(mask.size());
    invert_bytes(mask.bytes().data(), result.bytes().data(), result.bytes().size());
    return result;
}

}  // namespace editprep::imaging
