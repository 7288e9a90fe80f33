#include "backdrop/matte_specks.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace editprep::imaging {
namespace {

/// Set in every coverage from a half on: the pixel counts as the object's.
constexpr std::uint8_t kInside = 0x80;
/// Pixels of a speck that is noise whatever its colour.
constexpr int kSpeck = 5;
/// Share of a gap that must look like the backdrop for the gap to be one.
constexpr float kAlike = 0.25F;
/// Squared distance over the channels, in units of noise, at which a pixel looks like the backdrop.
constexpr float kNoise = 9;
/// Share of the backdrop's light by which it may be misjudged behind the object.
constexpr float kMisjudged = 0.05F;

/// Undecided pixels of one row that lie side by side and are on the same side of the outline.
struct Stretch {
    int left = 0;
    int right = 0;
    bool inside = false;
};

/// What is known of stretches that hang together.
struct Patch {
    int pixels = 0;
    /// Whether a decided cell of the same side touches it.
    bool is_rooted = false;
    /// Pixels that look like the backdrop; counted in gaps without roots.
    int alike = 0;
};

bool is_inside(std::uint8_t coverage) { return (coverage & kInside) != 0; }

/// The first pixel from x on that is on the other side, or `right`.
int end_of_side(const std::uint8_t* mask, int x, int right, bool inside) {
    constexpr std::uint64_t kInsideAll = 0x8080808080808080U;
    constexpr int kAtOnce = 8;
    const std::uint64_t expected = inside ? kInsideAll : 0;
    std::uint64_t next = 0;
    for (; x + kAtOnce <= right; x += kAtOnce) {
        std::memcpy(&next, mask + x, sizeof next);
        if ((next & kInsideAll) != expected) {
            break;
        }
    }
    while (x < right && is_inside(mask[x]) == inside) {
        ++x;
    }
    return x;
}

class Specks {
public:
    Specks(const SpeckSurroundings& around, Mask& mask)
        : around_(around),
          scale_(around.copy.scale),
          mask_(mask),
          first_(static_cast<std::size_t>(mask.height()) + 1) {}

    void clear() {
        for (int y = 0; y < mask_.height(); ++y) {
            first_[index(y)] = stretches_.size();
            read_row(y);
            if (y > 0) {
                join_rows(y);
            }
        }
        first_.back() = stretches_.size();
        sum_up();
        for (int y = 0; y < mask_.height(); ++y) {
            count_alike(y);
        }
        for (int y = 0; y < mask_.height(); ++y) {
            write_row(y);
        }
    }

private:
    static std::size_t index(int number) noexcept { return static_cast<std::size_t>(number); }

    void read_row(int y) {
        const std::uint8_t* undecided = around_.band.undecided(y);
        for (const BandRun& run : around_.band.runs(y)) {
            for (int x = run.left; x < run.right;) {
                if (undecided[x] == 0) {
                    ++x;
                    continue;
                }
                const auto count = static_cast<std::size_t>(run.right - x);
                const void* decided = std::memchr(undecided + x, 0, count);
                const int end =
                    decided == nullptr
                        ? run.right
                        : static_cast<int>(static_cast<const std::uint8_t*>(decided) - undecided);
                read_undecided(x, end, y);
                x = end;
            }
        }
    }

    void read_undecided(int left, int right, int y) {
        const std::uint8_t* mask = mask_.row(y);
        for (int x = left; x < right;) {
            const bool inside = is_inside(mask[x]);
            const int end = end_of_side(mask, x, right, inside);
            const Stretch stretch{x, end, inside};
            parent_.push_back(stretches_.size());
            stretches_.push_back(stretch);
            patches_.push_back({end - x, touches_decided(stretch, y), 0});
            x = end;
        }
    }

    [[nodiscard]] bool touches_decided(const Stretch& stretch, int y) const {
        const Label wanted = stretch.inside ? Label::object : Label::backdrop;
        const Label* own = around_.labels.row(y / scale_);
        if ((stretch.left > 0 && own[(stretch.left - 1) / scale_] == wanted) ||
            (stretch.right < mask_.width() && own[stretch.right / scale_] == wanted)) {
            return true;
        }
        return touches_row(stretch, y, y - 1, wanted) || touches_row(stretch, y, y + 1, wanted);
    }

    [[nodiscard]] bool touches_row(const Stretch& stretch, int y, int beside, Label wanted) const {
        if (beside < 0 || beside >= mask_.height() || beside / scale_ == y / scale_) {
            return false;
        }
        const Label* labels = around_.labels.row(beside / scale_);
        return std::find(labels + stretch.left / scale_, labels + (stretch.right - 1) / scale_ + 1,
                         wanted) != labels + (stretch.right - 1) / scale_ + 1;
    }

    [[nodiscard]] std::size_t root(std::size_t stretch) {
        while (parent_[stretch] != stretch) {
            parent_[stretch] = parent_[parent_[stretch]];
            stretch = parent_[stretch];
        }
        return stretch;
    }

    void join_rows(int y) {
        std::size_t upper = first_[index(y - 1)];
        const std::size_t end = first_[index(y)];
        for (std::size_t lower = end; lower < stretches_.size(); ++lower) {
            const Stretch& below = stretches_[lower];
            while (upper < end && stretches_[upper].right <= below.left) {
                ++upper;
            }
            for (std::size_t i = upper; i < end && stretches_[i].left < below.right; ++i) {
                if (stretches_[i].inside == below.inside) {
                    const auto [low, high] = std::minmax({root(i), root(lower)});
                    parent_[high] = low;
                }
            }
        }
    }

    /// Afterwards the root of every patch knows all of it, and is every stretch's parent.
    void sum_up() {
        for (std::size_t i = 0; i < parent_.size(); ++i) {
            parent_[i] = root(i);
            if (parent_[i] != i) {
                Patch& whole = patches_[parent_[i]];
                whole.pixels += patches_[i].pixels;
                whole.is_rooted |= patches_[i].is_rooted;
            }
        }
    }

    [[nodiscard]] bool is_alike(const std::uint8_t* pixel, int cell_x, int cell_y) const {
        float apart = 0;
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const float light = around_.backdrop.light[channel].at(cell_x, cell_y);
            const float noise =
                std::max(kLeastNoise, around_.backdrop.pixel_noise[channel]) + kMisjudged * light;
            const float difference = (static_cast<float>(pixel[channel]) - light) / noise;
            apart += difference * difference;
        }
        return apart < kNoise;
    }

    void count_alike(int y) {
        const std::uint8_t* pixels = around_.picture.row(y);
        for (std::size_t i = first_[index(y)]; i < first_[index(y) + 1]; ++i) {
            Patch& patch = patches_[parent_[i]];
            const Stretch& stretch = stretches_[i];
            if (patch.is_rooted || stretch.inside || patch.pixels < kSpeck) {
                continue;
            }
            for (int x = stretch.left; x < stretch.right; ++x) {
                patch.alike += is_alike(pixels + std::ptrdiff_t{3} * x, x / scale_, y / scale_);
            }
        }
    }

    void write_row(int y) {
        std::uint8_t* mask = mask_.row(y);
        for (std::size_t i = first_[index(y)]; i < first_[index(y) + 1]; ++i) {
            const Patch& patch = patches_[parent_[i]];
            const Stretch& stretch = stretches_[i];
            const bool is_open = !stretch.inside && static_cast<float>(patch.alike) >=
                                                        kAlike * static_cast<float>(patch.pixels);
            if (patch.is_rooted || (patch.pixels >= kSpeck && (stretch.inside || is_open))) {
                continue;
            }
            std::fill(mask + stretch.left, mask + stretch.right,
                      stretch.inside ? std::uint8_t{0} : std::uint8_t{255});
        }
    }

    const SpeckSurroundings& around_;
    int scale_;
    Mask& mask_;
    /// The first stretch of every row, and one behind the last.
    std::vector<std::size_t> first_;
    std::vector<Stretch> stretches_;
    /// Of every stretch: one that hangs together with it and came earlier, or itself.
    std::vector<std::size_t> parent_;
    std::vector<Patch> patches_;
};

}  // namespace

void clear_specks(const SpeckSurroundings& around, Mask& mask) { Specks(around, mask).clear(); }

}  // namespace editprep::imaging
