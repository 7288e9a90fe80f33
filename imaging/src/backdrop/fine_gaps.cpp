#include "backdrop/fine_gaps.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "backdrop/opponent.hpp"
#include "backdrop/thin_objects.hpp"

namespace editprep::imaging {
namespace {

/// Cells along the sides of a tile; a tile is judged together with those around it.
constexpr int kTile = 3;

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

/// Some pixels are much nearer to the backdrop than others, but none need be free of the object.
bool is_mixed(const Differences& differences, int count, float low, float far) {
    constexpr float kNear = 290;
    constexpr float kFar = 256;
    constexpr float kLow = 0.1F;
    constexpr float kQuarter = 0.3F;
    return low <= std::min(kNear, kLow * far) && far >= kFar &&
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

/// Squared steps between neighbouring pixels, summed up, and how many there are.
struct Steps {
    float sum = 0;
    int count = 0;

    void add(const Steps& other) {
        sum += other.sum;
        count += other.count;
    }
};

/// Cells that are judged by their pixels together.
struct Tile {
    /// Cells that are suspects, and those of the object's regions.
    int suspects = 0;
    int held = 0;
    /// Where the differences of the suspects' pixels are, once they were looked at.
    std::optional<std::size_t> differences;
    /// Those between the suspects' pixels, once they were summed up.
    std::optional<Steps> steps;
    bool is_pierced = false;
    bool is_mixed = false;
};

class FineGaps {
public:
    FineGaps(const GapClues& clues, CellLabels& labels)
        : clues_(clues),
          labels_(labels),
          tiles_({(labels.width() + kTile - 1) / kTile, (labels.height() + kTile - 1) / kTile}),
          may_open_(labels.size()) {
        for (std::size_t c = 0; c < 3; ++c) {
            per_noise_[c] = 1 / std::max(kLeastNoise, clues.pixel_noise[c]);
        }
    }

    void reopen() {
        count_cells();
        if (judge_tiles()) {
            mark_cells();
            reopen_patches();
        }
    }

private:
    [[nodiscard]] bool is_held(std::size_t cell) const {
        return is_of_object(clues_.verdict[cell]);
    }
    /// Taken for the object, and of no region.
    [[nodiscard]] bool is_suspect(std::size_t cell) const {
        return labels_[cell] == Label::object && !is_held(cell);
    }

    [[nodiscard]] const Tile& tile_of(std::size_t cell) const {
        const auto [x, y] = labels_.place(cell);
        return tiles_.at(x / kTile, y / kTile);
    }

    void count_cells() {
        for (int y = 0; y < labels_.height(); ++y) {
            for (int x = 0; x < labels_.width(); ++x) {
                const std::size_t cell = labels_.index(x, y);
                Tile& tile = tiles_.at(x / kTile, y / kTile);
                tile.held += is_held(cell) ? 1 : 0;
                tile.suspects += is_suspect(cell) ? 1 : 0;
            }
        }
    }

    /// Of the tile in that column and row of tiles, looked at when it is first asked for.
    [[nodiscard]] const Differences& differences_of(int column, int row) {
        Tile& tile = tiles_.at(column, row);
        if (!tile.differences) {
            tile.differences = differences_.size();
            Differences& differences = differences_.emplace_back();
            for_each_suspect(column, row, [&](int x, int y) {
                const Rgb light = color_at(clues_.light, labels_.index(x, y));
                for_each_sample(x, y, [&](int left, int top) {
                    differences.add(squared_units(pixel_at(left, top), light));
                });
            });
        }
        return differences_[*tile.differences];
    }

    [[nodiscard]] Steps steps_of(int column, int row) {
        Tile& tile = tiles_.at(column, row);
        if (!tile.steps) {
            tile.steps = sum_steps(column, row);
        }
        return *tile.steps;
    }

    [[nodiscard]] Steps sum_steps(int column, int row) const {
        const Size full = clues_.copy.full;
        const int step = sample_step();
        Steps steps;
        for_each_suspect(column, row, [&](int x, int y) {
            for_each_sample(x, y, [&](int left, int top) {
                const Rgb here = pixel_at(left, top);
                if (left + step < full.width) {
                    steps.add({squared_units(here, pixel_at(left + step, top)), 1});
                }
                if (top + step < full.height) {
                    steps.add({squared_units(here, pixel_at(left, top + step)), 1});
                }
            });
        });
        return steps;
    }

    /// Calls visit(x, y) for the cells of a tile that are suspects.
    template <typename Visit>
    void for_each_suspect(int column, int row, const Visit& visit) const {
        for (int y = row * kTile; y < std::min((row + 1) * kTile, labels_.height()); ++y) {
            for (int x = column * kTile; x < std::min((column + 1) * kTile, labels_.width()); ++x) {
                if (is_suspect(labels_.index(x, y))) {
                    visit(x, y);
                }
            }
        }
    }

    /// Pixels from one that is looked at to the next, so that no more than kPerSide a side are.
    [[nodiscard]] int sample_step() const {
        constexpr int kPerSide = 4;
        return (clues_.copy.scale + kPerSide - 1) / kPerSide;
    }

    /// Calls visit(left, top) for the pixels of a cell that are looked at.
    template <typename Visit>
    void for_each_sample(int x, int y, const Visit& visit) const {
        const int scale = clues_.copy.scale;
        const int step = sample_step();
        const int right = std::min((x + 1) * scale, clues_.copy.full.width);
        const int bottom = std::min((y + 1) * scale, clues_.copy.full.height);
        for (int top = y * scale; top < bottom; top += step) {
            for (int left = x * scale; left < right; left += step) {
                visit(left, top);
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
                if (tile.suspects > 0) {
                    judge_tile(x, y, tile);
                    any |= tile.is_pierced || tile.is_mixed;
                }
            }
        }
        return any;
    }

    void judge_tile(int x, int y, Tile& tile) {
        constexpr int kMostHeld = 9 * kTile * kTile / 4;
        int held = 0;
        tiles_.for_each_around({x, y}, [&](int i, int j) { held += tiles_.at(i, j).held; });
        if (held > kMostHeld) {
            return;
        }
        Differences around;
        tiles_.for_each_around({x, y}, [&](int i, int j) {
            if (tiles_.at(i, j).suspects > 0) {
                around.add(differences_of(i, j));
            }
        });
        const int count = around.count();
        const float low = around.quantile(0.1F, count);
        const float far = around.quantile(0.9F, count);
        tile.is_pierced = held == 0 && is_pierced(around, count, low, far);
        tile.is_mixed = is_mixed(around, count, low, far) && is_fine(x, y, far);
    }

    /// Whether pixels take turns as fast as in something fine, not as in stripes of cloth.
    [[nodiscard]] bool is_fine(int x, int y, float far) {
        constexpr float kFine = 0.025F;
        Steps around;
        tiles_.for_each_around({x, y}, [&](int i, int j) { around.add(steps_of(i, j)); });
        return around.sum >= kFine * far * static_cast<float>(std::max(1, around.count));
    }

    /// Marks the cells that may be seen through. Where coverage is merely unequal, it must be so in
    /// an object that hardly has a region.
    void mark_cells() {
        const Grid<std::uint8_t> thin = cells_of_thin_objects(labels_, clues_.verdict);
        for (std::size_t cell = 0; cell < labels_.count(); ++cell) {
            if (is_suspect(cell)) {
                const Tile& tile = tile_of(cell);
                may_open_[cell] = tile.is_pierced || (tile.is_mixed && thin[cell] != 0) ? 1 : 0;
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
            if (is_seen_through(patch) && !labels_.has_any(clues_.object, patch.cells)) {
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

    const GapClues& clues_;
    CellLabels& labels_;
    Grid<Tile> tiles_;
    CellVector<Differences> differences_;
    Grid<std::uint8_t> may_open_;
    Rgb per_noise_{};
};

}  // namespace

void reopen_fine_gaps(const GapClues& clues, CellLabels& labels) {
    FineGaps(clues, labels).reopen();
}

}  // namespace editprep::imaging
