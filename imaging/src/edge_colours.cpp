#include "edge_colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "simd.hpp"
#include "to_byte.hpp"

namespace editprep::imaging {
namespace {

/// Side of the tiles that the pyramid is built in, in pixels.
constexpr int kTile = 64;
/// Side of the finest cells.
constexpr int kFinest = 4;
/// Pixels around a partial one that count one by one.
constexpr int kNear = 2;
/// How far the matte must be constant around a pixel for its colour to be trusted: edges in
/// pictures are softer than mattes say.
constexpr int kDeep = 2;

/// Weights, of 255, of pixels that are full or backdrop: far from the edge, one pixel from it, at
/// it; and of partial ones, times the square of their cover.
constexpr std::uint8_t kDeepTrust = 255;
constexpr std::uint8_t kShallowTrust = 128;
constexpr std::uint8_t kEdgeTrust = 38;
constexpr std::uint8_t kPartialTrust = 3;

/// Standard deviations: of the matte (of 1), of a pixel's noise, and the least that colours of the
/// object and of the backdrop vary by (of 255).
constexpr float kLeastMatteError = 0.02F;
constexpr float kLargestMatteError = 0.15F;
constexpr float kNoise = 2.0F;
constexpr float kObjectVariation = 4.0F;
constexpr float kBackdropVariation = 2.0F;

/// One in so many partial pixels is asked how far the matte is off, where object and backdrop
/// differ by that much.
constexpr int kSampleStep = 11;
constexpr float kLeastContrast = 30.0F;
/// What the differences show of the object's own colours: that much is found for perfect mattes.
constexpr float kObjectsOwn = 0.04F;

/// Mattes that were feathered rise more slowly than the object's cover does: candidates of how much
/// steeper it is. A steeper one must explain the picture clearly better and well, as the ratio and
/// the upper quartile of squared errors of the cover.
constexpr std::array<float, 4> kSteepness{1, 2, 4, 8};
constexpr float kClearlyBetter = 0.6F;
constexpr float kWellExplained = 0.1F;

float presumed_cover(float value, float steepness) {
    return std::clamp((value - 0.5F) * steepness + 0.5F, 0.0F, 1.0F);
}

/// Weighted sums over pixels; see add_pixel.
enum Sum : std::size_t {
    kObjectRed,
    kObjectGreen,
    kObjectBlue,
    kCoverSquare,
    kBackdropRed,
    kBackdropGreen,
    kBackdropBlue,
    kBackdropWeight,
    kMixed,
    kBackdropSquare,
    kFullWeight,
    kFullGrey,
    kFullSquare,
    kSums = 16,
};

/// Without initial values: most cells of a level are never touched.
struct Moments {
    alignas(64) std::array<float, kSums> sums;
};

void add_scaled(Moments& to, const Moments& from, float weight) {
    for (std::size_t i = 0; i < kSums; ++i) {
        to.sums[i] += weight * from.sums[i];
    }
}

using Colour = std::array<float, 3>;

float grey_of(const Colour& colour) { return (colour[0] + colour[1] + colour[2]) / 3; }

/// One pixel's part in the sums. `cover` is its matte in [0, 1].
void add_pixel(Moments& moments, const Colour& colour, float cover, float weight) {
    auto& sums = moments.sums;
    const float grey = grey_of(colour);
    if (cover <= 0) {
        for (std::size_t c = 0; c < 3; ++c) {
            sums[kBackdropRed + c] += weight * colour[c];
        }
        sums[kBackdropWeight] += weight;
        sums[kBackdropSquare] += weight * grey * grey;
        return;
    }
    // The normal equation of C = a F + (1 - a) B for F, summed up.
    for (std::size_t c = 0; c < 3; ++c) {
        sums[kObjectRed + c] += weight * cover * colour[c];
    }
    sums[kCoverSquare] += weight * cover * cover;
    if (cover >= 1) {
        sums[kFullWeight] += weight;
        sums[kFullGrey] += weight * grey;
        sums[kFullSquare] += weight * grey * grey;
    } else {
        sums[kMixed] += weight * cover * (1 - cover);
    }
}

/// Grey is repeated.
Colour colour_at(const Image& picture, int x, int y) {
    const std::uint8_t* pixel = picture.row(y) + x * picture.channel_count();
    if (picture.channels() == Channels::grey) {
        const auto grey = static_cast<float>(*pixel);
        return {grey, grey, grey};
    }
    return {static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
            static_cast<float>(pixel[2])};
}

void set_colour(Image& picture, int x, int y, const Colour& colour) {
    std::uint8_t* pixel = picture.row(y) + x * picture.channel_count();
    const std::size_t count = picture.channels() == Channels::grey ? 1 : 3;
    for (std::size_t c = 0; c < count; ++c) {
        pixel[c] = to_byte(colour[c]);
    }
}

/// What is transparent has no colour.
float opacity_at(const Image& picture, int x, int y) {
    return picture.has_alpha() ? static_cast<float>(picture.row(y)[4 * x + 3]) / 255 : 1.0F;
}

/// One level of the pyramid. Memory is not touched where no cell is, so a large picture costs what
/// its edges cost.
struct Level {
    int side = 0;
    Size size;
    std::unique_ptr<Moments[]> cells;

    Moments& at(int x, int y) const noexcept {
        return cells[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                     static_cast<std::size_t>(x)];
    }
};

int divide_up(int value, int by) { return (value + by - 1) / by; }

bool is_partial(std::uint8_t value) { return value != 0 && value != 255; }

EDITPREP_SIMD_CLONES
bool any_partial(const std::uint8_t* values, std::size_t count) {
    std::uint8_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        // 255 and 0 become 0 and 1.
        found |= static_cast<std::uint8_t>(static_cast<std::uint8_t>(values[i] + 1) > 1 ? 1 : 0);
    }
    return found != 0;
}

/// Tiles with partial pixels, and those next to them.
struct Tiles {
    Size size;
    std::vector<std::uint8_t> partial;
    std::vector<std::uint8_t> active;

    [[nodiscard]] std::size_t index(int x, int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
               static_cast<std::size_t>(x);
    }
};

Rect tile_area(int x, int y, Size picture) {
    return intersect({x * kTile, y * kTile, (x + 1) * kTile, (y + 1) * kTile}, bounds_of(picture));
}

Tiles find_tiles(const Mask& matte) {
    Tiles tiles;
    tiles.size = {divide_up(matte.width(), kTile), divide_up(matte.height(), kTile)};
    tiles.partial.assign(static_cast<std::size_t>(tiles.size.area()), 0);
    tiles.active = tiles.partial;
    for (int y = 0; y < matte.height(); ++y) {
        for (int tx = 0; tx < tiles.size.width; ++tx) {
            std::uint8_t& partial = tiles.partial[tiles.index(tx, y / kTile)];
            if (partial == 0) {
                const int left = tx * kTile;
                const int width = std::min(kTile, matte.width() - left);
                partial = any_partial(matte.row(y) + left, static_cast<std::size_t>(width)) ? 1 : 0;
            }
        }
    }
    for (int ty = 0; ty < tiles.size.height; ++ty) {
        for (int tx = 0; tx < tiles.size.width; ++tx) {
            if (tiles.partial[tiles.index(tx, ty)] == 0) {
                continue;
            }
            const Rect around = intersect({tx - 1, ty - 1, tx + 2, ty + 2}, bounds_of(tiles.size));
            for (int y = around.top; y < around.bottom; ++y) {
                for (int x = around.left; x < around.right; ++x) {
                    tiles.active[tiles.index(x, y)] = 1;
                }
            }
        }
    }
    return tiles;
}

/// A tile of the matte and kDeep pixels around it, edge pixels repeated.
constexpr std::size_t kWindow = kTile + 2 * kDeep;
using WindowRow = std::array<std::uint8_t, kWindow>;
using Window = std::array<WindowRow, kWindow>;

Window window_of(const Mask& matte, const Rect& area) {
    Window window;
    const int left = area.left - kDeep;
    for (std::size_t i = 0; i < kWindow; ++i) {
        const int y = std::clamp(area.top - kDeep + static_cast<int>(i), 0, matte.height() - 1);
        const std::uint8_t* row = matte.row(y);
        if (left >= 0 && left + static_cast<int>(kWindow) <= matte.width()) {
            std::memcpy(window[i].data(), row + left, kWindow);
            continue;
        }
        for (std::size_t j = 0; j < kWindow; ++j) {
            window[i][j] = row[std::clamp(left + static_cast<int>(j), 0, matte.width() - 1)];
        }
    }
    return window;
}

/// 255 where the window is constant within `radius` of the pixels in row y, else 0.
EDITPREP_SIMD_CLONES
void find_uniform(const Window& window, std::size_t y, std::size_t radius,
                  std::array<std::uint8_t, kTile>& uniform) {
    WindowRow least = window[y + kDeep];
    WindowRow largest = least;
    for (std::size_t i = y + kDeep - radius; i <= y + kDeep + radius; ++i) {
        for (std::size_t x = 0; x < kWindow; ++x) {
            least[x] = std::min(least[x], window[i][x]);
            largest[x] = std::max(largest[x], window[i][x]);
        }
    }
    for (std::size_t x = 0; x < kTile; ++x) {
        std::uint8_t low = least[x + kDeep];
        std::uint8_t high = largest[x + kDeep];
        for (std::size_t i = x + kDeep - radius; i <= x + kDeep + radius; ++i) {
            low = std::min(low, least[i]);
            high = std::max(high, largest[i]);
        }
        uniform[x] = low == high ? 255 : 0;
    }
}

bool is_constant(const Window& window) {
    const WindowRow& first = window.front();
    return std::ranges::all_of(first, [&](std::uint8_t value) { return value == first[0]; }) &&
           std::ranges::all_of(window, [&](const WindowRow& row) { return row == first; });
}

/// Writes how far the tile's pixels are to be trusted.
void set_trust(const Mask& matte, const Rect& area, Mask& trust) {
    const Window window = window_of(matte, area);
    const bool is_all_deep = is_constant(window) && !is_partial(window[0][0]);
    std::array<std::uint8_t, kTile> close;
    std::array<std::uint8_t, kTile> wide;
    for (int y = area.top; y < area.bottom; ++y) {
        const std::uint8_t* values = matte.row(y) + area.left;
        std::uint8_t* out = trust.row(y) + area.left;
        const auto width = static_cast<std::size_t>(area.width());
        if (is_all_deep) {
            std::memset(out, kDeepTrust, width);
            continue;
        }
        find_uniform(window, static_cast<std::size_t>(y - area.top), 1, close);
        find_uniform(window, static_cast<std::size_t>(y - area.top), kDeep, wide);
        for (std::size_t x = 0; x < width; ++x) {
            const std::uint8_t whole = close[x] == 0  ? kEdgeTrust
                                       : wide[x] == 0 ? kShallowTrust
                                                      : kDeepTrust;
            out[x] = is_partial(values[x]) ? kPartialTrust : whole;
        }
    }
}

/// The sums of a cell that lies wholly in the object or in the backdrop, away from edges and
/// opaque, which most do: the same as from add_pixel, in whole numbers.
Moments sum_plain_cell(const Image& picture, int left, int top, bool is_object) {
    const auto channels = static_cast<std::size_t>(picture.channel_count());
    const std::size_t green = channels == 1 ? 0 : 1;
    const std::size_t blue = channels == 1 ? 0 : 2;
    std::uint32_t red_sum = 0;
    std::uint32_t green_sum = 0;
    std::uint32_t blue_sum = 0;
    std::uint32_t square_sum = 0;
    for (int y = top; y < top + kFinest; ++y) {
        const std::uint8_t* pixel = picture.row(y) + static_cast<std::size_t>(left) * channels;
        for (int x = 0; x < kFinest; ++x, pixel += channels) {
            const std::uint32_t sum = std::uint32_t{pixel[0]} + pixel[green] + pixel[blue];
            red_sum += pixel[0];
            green_sum += pixel[green];
            blue_sum += pixel[blue];
            square_sum += sum * sum;
        }
    }
    constexpr float kPixels = kFinest * kFinest;
    const Colour total{static_cast<float>(red_sum), static_cast<float>(green_sum),
                       static_cast<float>(blue_sum)};
    const float square = static_cast<float>(square_sum) / 9;
    Moments moments{};
    auto& sums = moments.sums;
    std::ranges::copy(total, sums.begin() + (is_object ? kObjectRed : kBackdropRed));
    if (is_object) {
        sums[kCoverSquare] = kPixels;
        sums[kFullWeight] = kPixels;
        sums[kFullGrey] = grey_of(total);
        sums[kFullSquare] = square;
    } else {
        sums[kBackdropWeight] = kPixels;
        sums[kBackdropSquare] = square;
    }
    return moments;
}

class Surroundings {
public:
    Surroundings(const Image& picture, const Mask& matte, const Tiles& tiles)
        : picture_(picture), matte_(matte), trust_(matte.size()) {
        for (int side = kFinest;; side *= 2) {
            const Size size{divide_up(matte.width(), side), divide_up(matte.height(), side)};
            const auto count = static_cast<std::size_t>(size.area());
            levels_.push_back({side, size,
                               side < kTile ? std::make_unique_for_overwrite<Moments[]>(count)
                                            : std::make_unique<Moments[]>(count)});
            if (side >= kTile && size.area() == 1) {
                break;
            }
        }
        for (int ty = 0; ty < tiles.size.height; ++ty) {
            for (int tx = 0; tx < tiles.size.width; ++tx) {
                if (tiles.active[tiles.index(tx, ty)] != 0) {
                    set_trust(matte, tile_area(tx, ty, matte.size()), trust_);
                }
            }
        }
        sum(tiles, 1);
    }

    /// Sums the pyramid up, with partial pixels as a matte of that steepness has them.
    void sum(const Tiles& tiles, float steepness) {
        steepness_ = steepness;
        for (int ty = 0; ty < tiles.size.height; ++ty) {
            for (int tx = 0; tx < tiles.size.width; ++tx) {
                if (tiles.active[tiles.index(tx, ty)] != 0) {
                    sum_tile(tile_area(tx, ty, matte_.size()));
                }
            }
        }
        for (std::size_t i = 1; i < levels_.size(); ++i) {
            if (levels_[i].side > kTile) {
                sum_cells(levels_[i - 1], levels_[i], bounds_of(levels_[i].size));
            }
        }
    }

    /// The sums as a partial pixel sees them: weights fall with the fourth power of the distance.
    [[nodiscard]] Moments around(int x, int y) const {
        Moments sums{};
        const Rect near = intersect({x - kNear, y - kNear, x + kNear + 1, y + kNear + 1},
                                    bounds_of(matte_.size()));
        for (int row = near.top; row < near.bottom; ++row) {
            for (int column = near.left; column < near.right; ++column) {
                // One partial pixel alone says more about the matte's error than about a colour.
                if (is_partial(matte_.row(row)[column])) {
                    continue;
                }
                const auto distance =
                    static_cast<float>((column - x) * (column - x) + (row - y) * (row - y));
                add(sums, column, row, 1 / ((1 + distance) * (1 + distance)));
            }
        }
        for (const Level& level : levels_) {
            const auto side = static_cast<float>(level.side);
            const float weight = 1 / ((1 + side * side) * (1 + side * side));
            sample(sums, level, x, y, weight);
            // What coarser levels could still add is little against this.
            const float enough = kEnough / (side * side);
            if (sums.sums[kFullWeight] > enough && sums.sums[kBackdropWeight] > enough) {
                break;
            }
        }
        return sums;
    }

private:
    static constexpr float kEnough = 4.0F;

    void add(Moments& sums, int x, int y, float weight) const {
        const float value = static_cast<float>(matte_.row(y)[x]) / 255;
        const float cover = presumed_cover(value, steepness_);
        if (value > 0 && cover <= 0) {
            return;
        }
        const float trust = static_cast<float>(trust_.row(y)[x]) / 255;
        add_pixel(sums, colour_at(picture_, x, y), cover,
                  trust * opacity_at(picture_, x, y) * weight);
    }

    static void sample(Moments& sums, const Level& level, int x, int y, float weight) {
        const auto place = [&](int coordinate) {
            return (static_cast<float>(coordinate) + 0.5F) / static_cast<float>(level.side) - 0.5F;
        };
        const float u = place(x);
        const float v = place(y);
        const int left = static_cast<int>(std::floor(u));
        const int top = static_cast<int>(std::floor(v));
        const float right_share = u - static_cast<float>(left);
        const float bottom_share = v - static_cast<float>(top);
        for (int dy = 0; dy < 2; ++dy) {
            for (int dx = 0; dx < 2; ++dx) {
                const int cell_x = std::clamp(left + dx, 0, level.size.width - 1);
                const int cell_y = std::clamp(top + dy, 0, level.size.height - 1);
                const float share = (dx == 0 ? 1 - right_share : right_share) *
                                    (dy == 0 ? 1 - bottom_share : bottom_share);
                add_scaled(sums, level.at(cell_x, cell_y), weight * share);
            }
        }
    }

    void sum_tile(const Rect& area) {
        const Level& finest = levels_.front();
        const Rect cells = cells_of(area, finest.side);
        for (int cy = cells.top; cy < cells.bottom; ++cy) {
            for (int cx = cells.left; cx < cells.right; ++cx) {
                finest.at(cx, cy) = sum_pixels(intersect(
                    {cx * kFinest, cy * kFinest, (cx + 1) * kFinest, (cy + 1) * kFinest}, area));
            }
        }
        for (std::size_t i = 1; i < levels_.size() && levels_[i].side <= kTile; ++i) {
            sum_cells(levels_[i - 1], levels_[i], cells_of(area, levels_[i].side));
        }
    }

    [[nodiscard]] Moments sum_pixels(const Rect& cell) const {
        if (is_plain(cell)) {
            return sum_plain_cell(picture_, cell.left, cell.top,
                                  matte_.row(cell.top)[cell.left] == 255);
        }
        Moments moments{};
        for (int y = cell.top; y < cell.bottom; ++y) {
            for (int x = cell.left; x < cell.right; ++x) {
                add(moments, x, y, 1);
            }
        }
        return moments;
    }

    /// Deep pixels next to each other are all of one kind.
    [[nodiscard]] bool is_plain(const Rect& cell) const {
        constexpr std::array<std::uint8_t, kFinest> kAllDeep{kDeepTrust, kDeepTrust, kDeepTrust,
                                                             kDeepTrust};
        if (picture_.has_alpha() || cell.size() != Size{kFinest, kFinest}) {
            return false;
        }
        for (int y = cell.top; y < cell.bottom; ++y) {
            if (std::memcmp(trust_.row(y) + cell.left, kAllDeep.data(), kFinest) != 0) {
                return false;
            }
        }
        return true;
    }

    static Rect cells_of(const Rect& pixels, int side) {
        return {pixels.left / side, pixels.top / side, divide_up(pixels.right, side),
                divide_up(pixels.bottom, side)};
    }

    static void sum_cells(const Level& fine, const Level& coarse, const Rect& cells) {
        for (int y = cells.top; y < cells.bottom; ++y) {
            for (int x = cells.left; x < cells.right; ++x) {
                Moments& cell = coarse.at(x, y);
                cell = {};
                const Rect parts =
                    intersect({2 * x, 2 * y, 2 * x + 2, 2 * y + 2}, bounds_of(fine.size));
                for (int fy = parts.top; fy < parts.bottom; ++fy) {
                    for (int fx = parts.left; fx < parts.right; ++fx) {
                        add_scaled(cell, fine.at(fx, fy), 1);
                    }
                }
            }
        }
    }

    const Image& picture_;
    const Mask& matte_;
    /// Written in active tiles alone.
    Mask trust_;
    float steepness_ = 1;
    std::vector<Level> levels_;
};

/// Variance of a grey value from sums, not negative.
float variance(float weight, float sum, float square) {
    if (weight <= 0) {
        return 0;
    }
    const float mean = sum / weight;
    return std::max(0.0F, square / weight - mean * mean);
}

/// What the surroundings of a partial pixel say about its two colours.
struct Expectation {
    Colour object{};
    Colour backdrop{};
    float object_variance = 0;
    float backdrop_variance = 0;
};

/// Nothing when nothing is known of one of them.
std::optional<Expectation> expect(const Moments& moments) {
    const auto& sums = moments.sums;
    if (sums[kBackdropWeight] <= 0 || sums[kCoverSquare] <= 0) {
        return std::nullopt;
    }
    Expectation expected;
    for (std::size_t c = 0; c < 3; ++c) {
        const float backdrop = sums[kBackdropRed + c] / sums[kBackdropWeight];
        const float object = (sums[kObjectRed + c] - sums[kMixed] * backdrop) / sums[kCoverSquare];
        expected.backdrop[c] = backdrop;
        expected.object[c] = std::clamp(object, 0.0F, 255.0F);
    }
    expected.object_variance = kObjectVariation * kObjectVariation +
                               variance(sums[kFullWeight], sums[kFullGrey], sums[kFullSquare]);
    expected.backdrop_variance =
        kBackdropVariation * kBackdropVariation +
        variance(sums[kBackdropWeight], sums[kBackdropWeight] * grey_of(expected.backdrop),
                 sums[kBackdropSquare]);
    return expected;
}

/// How a partial pixel differs from what is expected of it.
struct Residual {
    Colour difference{};
    /// Variance of the difference when the matte is right.
    float spread = 0;
    /// Dot products with the contrast between the two colours: of the difference and of itself.
    float along = 0;
    float contrast = 0;
};

Residual residual_of(const Colour& colour, float cover, const Expectation& expected) {
    const float rest = 1 - cover;
    Residual residual;
    residual.spread = cover * cover * expected.object_variance +
                      rest * rest * expected.backdrop_variance + kNoise * kNoise;
    for (std::size_t c = 0; c < 3; ++c) {
        const float contrast = expected.object[c] - expected.backdrop[c];
        residual.difference[c] =
            colour[c] - cover * expected.object[c] - rest * expected.backdrop[c];
        residual.along += contrast * residual.difference[c];
        residual.contrast += contrast * contrast;
    }
    return residual;
}

/// The object's colour in a pixel that shows `colour` under `cover`, which has an error of that
/// variance. What the difference has along the contrast goes to the cover as far as its error is
/// the likelier reason; the rest goes to the colours.
Colour object_colour(const Colour& colour, float cover, const Expectation& expected,
                     float matte_variance) {
    const Residual first = residual_of(colour, cover, expected);
    const float correction =
        matte_variance * first.along / (first.spread + matte_variance * first.contrast);
    const float corrected = std::clamp(cover + correction, 0.0F, 1.0F);
    const Residual rest = residual_of(colour, corrected, expected);
    const float gain = corrected * expected.object_variance / rest.spread;
    Colour object = expected.object;
    for (std::size_t c = 0; c < 3; ++c) {
        object[c] += gain * rest.difference[c];
    }
    return object;
}

/// Calls visit(x, y, cover, expectation) for every `step`th partial pixel, tile by tile.
template <class Visit>
void visit_partial(const Image& picture, const Mask& matte, const Tiles& tiles,
                   const Surroundings& surroundings, int step, Visit visit) {
    int countdown = 1;
    for (int ty = 0; ty < tiles.size.height; ++ty) {
        for (int tx = 0; tx < tiles.size.width; ++tx) {
            if (tiles.partial[tiles.index(tx, ty)] == 0) {
                continue;
            }
            const Rect area = tile_area(tx, ty, picture.size());
            for (int y = area.top; y < area.bottom; ++y) {
                const std::uint8_t* values = matte.row(y);
                for (int x = area.left; x < area.right; ++x) {
                    if (!is_partial(values[x]) || --countdown > 0) {
                        continue;
                    }
                    countdown = step;
                    if (const auto expected = expect(surroundings.around(x, y))) {
                        visit(x, y, static_cast<float>(values[x]) / 255, *expected);
                    }
                }
            }
        }
    }
}

/// The value that three quarters, or another quantile, do not exceed.
float quantile_of(std::vector<float>& values, std::size_t numerator, std::size_t denominator) {
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(values.size() * numerator / denominator);
    std::ranges::nth_element(values, at);
    return *at;
}

float median_of(std::vector<float>& values) { return quantile_of(values, 1, 2); }

float upper_quartile_of(std::vector<float>& values) { return quantile_of(values, 3, 4); }

/// What is presumed about a matte as a whole.
struct MatteFit {
    float steepness = 1;
    float variance = kLeastMatteError * kLeastMatteError;
};

/// The steepness that the pixels' differences along the contrast speak for, and how far the matte
/// is off even so: a drawn or well-estimated one by little, a feathered or shifted outline by much.
MatteFit fit_matte(const Image& picture, const Mask& matte, const Tiles& tiles,
                   const Surroundings& surroundings) {
    std::array<std::vector<float>, kSteepness.size()> errors;
    std::array<std::vector<float>, kSteepness.size()> noise;
    visit_partial(picture, matte, tiles, surroundings, kSampleStep,
                  [&](int x, int y, float cover, const Expectation& expected) {
                      for (std::size_t i = 0; i < kSteepness.size(); ++i) {
                          const Residual residual =
                              residual_of(colour_at(picture, x, y),
                                          presumed_cover(cover, kSteepness[i]), expected);
                          if (residual.contrast >= kLeastContrast * kLeastContrast) {
                              const float error = residual.along / residual.contrast;
                              errors[i].push_back(error * error);
                              noise[i].push_back(residual.spread / residual.contrast);
                          }
                      }
                  });
    if (errors[0].empty()) {
        return {};
    }
    std::size_t best = 0;
    float least_error = std::min(kClearlyBetter * upper_quartile_of(errors[0]), kWellExplained);
    for (std::size_t i = 1; i < kSteepness.size(); ++i) {
        const float error = upper_quartile_of(errors[i]);
        if (error < least_error) {
            best = i;
            least_error = error;
        }
    }
    // The median of the square of a normal variable is 0.455 of its variance.
    const float found = std::max(0.0F, median_of(errors[best]) / 0.455F - median_of(noise[best]));
    const float error =
        std::clamp(std::sqrt(found) - kObjectsOwn, kLeastMatteError, kLargestMatteError);
    return {kSteepness[best], error * error};
}

}  // namespace

Image without_backdrop(const Image& picture, const Mask& matte) {
    const Tiles tiles = find_tiles(matte);
    Surroundings surroundings(picture, matte, tiles);
    const MatteFit fit = fit_matte(picture, matte, tiles, surroundings);
    if (fit.steepness > 1) {
        surroundings.sum(tiles, fit.steepness);
    }
    Image result = picture;
    visit_partial(
        picture, matte, tiles, surroundings, 1,
        [&](int x, int y, float cover, const Expectation& expected) {
            set_colour(result, x, y,
                       object_colour(colour_at(picture, x, y), presumed_cover(cover, fit.steepness),
                                     expected, fit.variance));
        });
    return result;
}

}  // namespace editprep::imaging
