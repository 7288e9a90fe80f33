#include "backdrop/fine_gaps.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

/// Cells along the sides of a tile; a tile is judged together with those around it.
constexpr int kTile = 3;
/// Noise of a smooth picture: rounding and JPEG.
constexpr float kLeastNoise = 1.5F;

/// How many pixels of a place are how far from the backdrop: squared distances in units of noise,
/// in classes that each reach about a fifth further than the one before.
class Differences {
public:
    void add(float squared_units) {
        const std::uint32_t own =
            (std::bit_cast<std::uint32_t>(1 + squared_units) >> kShift) - kOne;
        ++pixels_[std::min<std::size_t>(own, kClasses - 1)];
    }
    void add(const Differences& other) {
        for (std::size_t i = 0; i < kClasses; ++i) {
            pixels_[i] = static_cast<std::uint16_t>(pixels_[i] + other.pixels_[i]);
        }
    }

    [[nodiscard]] int count() const {
        int sum = 0;
        for (const std::uint16_t pixels : pixels_) {
            sum += pixels;
        }
        return sum;
    }

    /// That share of all `count` pixels differs by less.
    [[nodiscard]] float quantile(float share, int count) const {
        int rest = static_cast<int>(share * static_cast<float>(count));
        std::size_t i = 0;
        while (i + 1 < kClasses && rest >= pixels_[i]) {
            rest -= pixels_[i++];
        }
        return std::bit_cast<float>(((kOne + static_cast<std::uint32_t>(i)) << kShift) +
                                    (1U << (kShift - 1))) -
               1;
    }

private:
    // The highest bits of a float above 1 are the whole part of its logarithm and two bits more.
    static constexpr std::uint32_t kShift = 21;
    static constexpr std::uint32_t kOne = std::bit_cast<std::uint32_t>(1.0F) >> kShift;
    static constexpr std::size_t kClasses = 72;

    std::array<std::uint16_t, kClasses> pixels_{};
};

/// Some pixels are the backdrop's own, and most differ by much less than some do.
bool is_pierced(const Differences& differences, int count, float low, float far) {
    constexpr float kEqualShare = 0.024F;
    // Of squared distances, as all below.
    constexpr float kEqual = 9;
    constexpr float kNear = 200;
    constexpr float kMiddle = 0.31F;
    return low <= kNear && differences.quantile(kEqualShare, count) <= kEqual &&
           differences.quantile(0.5F, count) <= kMiddle * far;
}

/// Some pixels are much nearer to the backdrop than others, but none need be free of the object;
/// and they take turns as fast as in something fine, not as in stripes of cloth.
/// @param roughness mean squared step between neighbouring samples
bool is_mixed(const Differences& differences, int count, float low, float far, float roughness) {
    constexpr float kNear = 290;
    constexpr float kFar = 256;
    constexpr float kLow = 0.1F;
    constexpr float kQuarter = 0.3F;
    constexpr float kFine = 0.025F;
    return low <= std::min(kNear, kLow * far) && far >= kFar && roughness >= kFine * far &&
           differences.quantile(0.25F, count) <= kQuarter * far;
}

/// Cells that are reopened or left alone together.
struct Patch {
    CellVector<std::size_t> cells;
    /// Sides of cells at its rim: all, those towards regions of the object, and those towards what
    /// is not surely the object's.
    int rim = 0;
    int held = 0;
    int open = 0;
};

bool is_seen_through(const Patch& patch) {
    constexpr std::size_t kFewCells = 20;
    constexpr double kMostHeld = 0.05;
    constexpr double kLeastOpen = 0.2;
    return patch.cells.size() >= kFewCells && patch.held <= kMostHeld * patch.rim &&
           patch.open >= kLeastOpen * patch.rim;
}

/// What the pixels of a tile's suspects show.
struct Texture {
    /// From the backdrop.
    Differences differences;
    /// Squared steps between neighbours, summed up, and how many there are.
    float steps = 0;
    int step_count = 0;

    void add(const Texture& other) {
        differences.add(other.differences);
        steps += other.steps;
        step_count += other.step_count;
    }
    [[nodiscard]] float roughness() const {
        return steps / static_cast<float>(std::max(1, step_count));
    }
};

/// Cells that are judged by their pixels together.
struct Tile {
    static constexpr int kNone = -1;
    /// Its place among the textures; kNone without suspects.
    int texture = kNone;
    /// Cells of the object's regions.
    int held = 0;
    bool is_pierced = false;
    bool is_mixed = false;
};

class FineGaps {
public:
    FineGaps(const FineGapClues& clues, CellLabels& labels)
        : clues_(clues),
          labels_(labels),
          tiles_({(labels.width() + kTile - 1) / kTile, (labels.height() + kTile - 1) / kTile}),
          may_open_(labels.size()) {
        for (std::size_t c = 0; c < 3; ++c) {
            per_noise_[c] = 1 / std::max(kLeastNoise, clues.pixel_noise[c]);
        }
    }

    void reopen() {
        look_at_cells();
        if (judge_tiles()) {
            mark_cells();
            reopen_patches();
        }
    }

private:
    [[nodiscard]] bool is_held(std::size_t cell) const {
        return clues_.verdict[cell] == Verdict::object;
    }
    /// Taken for the object, and of no region.
    [[nodiscard]] bool is_suspect(std::size_t cell) const {
        return labels_[cell] == Label::object && !is_held(cell);
    }

    [[nodiscard]] const Tile& tile_of(std::size_t cell) const {
        const auto width = static_cast<std::size_t>(labels_.width());
        return tiles_.at(static_cast<int>(cell % width) / kTile,
                         static_cast<int>(cell / width) / kTile);
    }

    void look_at_cells() {
        for (int y = 0; y < labels_.height(); ++y) {
            for (int x = 0; x < labels_.width(); ++x) {
                const std::size_t cell = labels_.index(x, y);
                Tile& tile = tiles_.at(x / kTile, y / kTile);
                tile.held += is_held(cell) ? 1 : 0;
                if (is_suspect(cell)) {
                    look_at_pixels(x, y, texture_of(tile));
                }
            }
        }
    }

    [[nodiscard]] Texture& texture_of(Tile& tile) {
        if (tile.texture == Tile::kNone) {
            tile.texture = static_cast<int>(textures_.size());
            textures_.emplace_back();
        }
        return textures_[static_cast<std::size_t>(tile.texture)];
    }

    /// Some of a cell's pixels, about as many in large cells as in small ones.
    void look_at_pixels(int x, int y, Texture& texture) const {
        constexpr int kPerSide = 4;
        const int scale = clues_.copy.scale;
        const Size full = clues_.copy.full;
        const int step = std::max(1, scale / kPerSide);
        const Rgb light = color_at(clues_.light, labels_.index(x, y));
        const int right = std::min((x + 1) * scale, full.width);
        const int bottom = std::min((y + 1) * scale, full.height);
        for (int row = y * scale; row < bottom; row += step) {
            for (int column = x * scale; column < right; column += step) {
                const Rgb here = pixel_at(column, row);
                texture.differences.add(squared_units(here, light));
                if (column + step < full.width) {
                    texture.steps += squared_units(here, pixel_at(column + step, row));
                    ++texture.step_count;
                }
                if (row + step < full.height) {
                    texture.steps += squared_units(here, pixel_at(column, row + step));
                    ++texture.step_count;
                }
            }
        }
    }

    [[nodiscard]] Rgb pixel_at(int x, int y) const {
        const std::uint8_t* pixel = clues_.picture.row(y) + std::ptrdiff_t{3} * x;
        return {static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
                static_cast<float>(pixel[2])};
    }

    /// The squared distance of two colours in units of noise.
    [[nodiscard]] float squared_units(const Rgb& a, const Rgb& b) const {
        float sum = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            sum += squared((a[c] - b[c]) * per_noise_[c]);
        }
        return sum;
    }

    /// Marks the tiles that may be seen through, judged with those around them; false if none may.
    bool judge_tiles() {
        bool any = false;
        for (int y = 0; y < tiles_.height(); ++y) {
            for (int x = 0; x < tiles_.width(); ++x) {
                Tile& tile = tiles_.at(x, y);
                if (tile.texture != Tile::kNone) {
                    judge_tile(x, y, tile);
                    any |= tile.is_pierced || tile.is_mixed;
                }
            }
        }
        return any;
    }

    void judge_tile(int x, int y, Tile& tile) const {
        constexpr int kMostHeld = 9 * kTile * kTile / 4;
        Texture around;
        int held = 0;
        for (int j = std::max(0, y - 1); j <= std::min(tiles_.height() - 1, y + 1); ++j) {
            for (int i = std::max(0, x - 1); i <= std::min(tiles_.width() - 1, x + 1); ++i) {
                const Tile& beside = tiles_.at(i, j);
                held += beside.held;
                if (beside.texture != Tile::kNone) {
                    around.add(textures_[static_cast<std::size_t>(beside.texture)]);
                }
            }
        }
        const int count = around.differences.count();
        const float low = around.differences.quantile(0.1F, count);
        const float far = around.differences.quantile(0.9F, count);
        tile.is_pierced = held == 0 && is_pierced(around.differences, count, low, far);
        tile.is_mixed =
            held <= kMostHeld && is_mixed(around.differences, count, low, far, around.roughness());
    }

    /// Marks the cells that may be seen through. Where coverage is merely unequal, it must be so in
    /// an object that hardly has a region.
    void mark_cells() {
        constexpr double kHardly = 0.07;
        Grid<std::uint8_t> met(labels_.size());
        CellVector<std::size_t> whole;
        for (std::size_t start = 0; start < labels_.count(); ++start) {
            if (labels_[start] != Label::object || met[start] != 0) {
                continue;
            }
            met[start] = 1;
            whole.assign(1, start);
            labels_.flood(whole, [&](std::size_t, std::size_t j) {
                const bool joins = labels_[j] == Label::object && met[j] == 0;
                met[j] = joins ? 1 : met[j];
                return joins;
            });
            const auto held = std::count_if(whole.begin(), whole.end(),
                                            [&](std::size_t cell) { return is_held(cell); });
            const bool is_hardly_held =
                static_cast<double>(held) <= kHardly * static_cast<double>(whole.size());
            for (const std::size_t cell : whole) {
                const Tile& tile = tile_of(cell);
                const bool may_open = tile.is_pierced || (tile.is_mixed && is_hardly_held);
                may_open_[cell] = may_open && is_suspect(cell) ? 1 : 0;
            }
        }
    }

    void reopen_patches() {
        Patch patch;
        for (std::size_t start = 0; start < labels_.count(); ++start) {
            if (may_open_[start] == 0) {
                continue;
            }
            gather(start, patch);
            if (is_seen_through(patch) && !is_told(patch)) {
                for (const std::size_t cell : patch.cells) {
                    labels_[cell] = Label::undecided;
                }
            }
        }
    }

    /// Marks of gathered cells go out, so that each is gathered once.
    void gather(std::size_t start, Patch& patch) {
        constexpr std::uint8_t kGathered = 2;
        patch.cells.assign(1, start);
        patch.rim = patch.held = patch.open = 0;
        may_open_[start] = kGathered;
        may_open_.flood(patch.cells, [&](std::size_t, std::size_t j) {
            if (may_open_[j] == 0) {
                ++patch.rim;
                patch.held += is_held(j) ? 1 : 0;
                patch.open += labels_[j] != Label::object && !is_held(j) ? 1 : 0;
            }
            const bool joins = may_open_[j] == 1;
            may_open_[j] = joins ? kGathered : may_open_[j];
            return joins;
        });
        for (const std::size_t cell : patch.cells) {
            may_open_[cell] = 0;
        }
    }

    [[nodiscard]] bool is_told(const Patch& patch) const {
        return std::any_of(clues_.object.begin(), clues_.object.end(), [&](Point p) {
            return std::find(patch.cells.begin(), patch.cells.end(), labels_.index(p.x, p.y)) !=
                   patch.cells.end();
        });
    }

    const FineGapClues& clues_;
    CellLabels& labels_;
    Grid<Tile> tiles_;
    CellVector<Texture> textures_;
    Grid<std::uint8_t> may_open_;
    Rgb per_noise_{};
};

}  // namespace

void reopen_fine_gaps(const FineGapClues& clues, CellLabels& labels) {
    FineGaps(clues, labels).reopen();
}

}  // namespace editprep::imaging
