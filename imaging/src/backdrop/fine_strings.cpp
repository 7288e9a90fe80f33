#include "backdrop/fine_strings.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "backdrop/light_difference.hpp"
#include "backdrop/ridges.hpp"

namespace editprep::imaging {
namespace {

/// Of lines, squared and summed up over three cells, in units of noise: what joins a line, and what
/// begins one.
constexpr float kFaint = 3 * squared(2);
constexpr float kStrong = 3 * squared(4);

/// The cells' differences from the light in standard deviations.
Planes units_of(const WorkCopy& copy, const Planes& light, const Spread& noise) {
    // What is smoother than that has steps of rounding and compression, which are lines too.
    constexpr float kLeastNoiseOfCells = 2.5F;
    const float per_luma = 1 / std::max(kLeastNoiseOfCells, noise.luma);
    const float per_chroma = 1 / std::max(kLeastNoiseOfCells, noise.chroma);
    const Size size = copy.size();
    Planes units{Plane(size), Plane(size), Plane(size)};
    for (std::size_t i = 0; i < units[0].count(); ++i) {
        const Opponent d = difference_at(copy, light, i);
        units[0][i] = d.luma * per_luma;
        units[1][i] = d.red_blue * per_chroma;
        units[2][i] = d.green * per_chroma;
    }
    return units;
}

/// Cells of lines that hang together.
struct Net {
    CellVector<std::size_t> cells;
    /// How many of them are strong, and how many stand out from their very neighbours.
    std::size_t strong = 0;
    std::size_t narrow = 0;
    int left = 0;
    int right = 0;
    int top = 0;
    int bottom = 0;
    /// Lies beside what is not backdrop.
    bool is_held = false;
};

/// Long, as strings are, and narrow, as shadows are not.
bool is_string(const Net& net) {
    constexpr int kLong = 12;
    constexpr double kStrongShare = 0.3;
    constexpr double kNarrowShare = 0.4;
    const int extent = 1 + std::max(net.right - net.left, net.bottom - net.top);
    const auto cells = static_cast<double>(net.cells.size());
    return net.is_held && extent >= kLong &&
           static_cast<double>(net.strong) >= kStrongShare * cells &&
           static_cast<double>(net.narrow) >= kNarrowShare * cells;
}

class FineStrings {
public:
    FineStrings(const Planes& units, const std::vector<Point>& backdrop, CellLabels& labels)
        : units_(units),
          backdrop_(backdrop),
          ridges_(measure_ridges(units, kReach)),
          labels_(labels) {}

    void reopen() {
        Grid<std::uint8_t> marks(labels_.size());
        Net net;
        for (int y = 0; y < labels_.height(); ++y) {
            for (int x = 0; x < labels_.width(); ++x) {
                if (is_faint(labels_.index(x, y))) {
                    gather({x, y}, net);
                    if (is_string(net) && !labels_.has_any(backdrop_, net.cells)) {
                        mark(net, marks);
                    }
                }
            }
        }
        for (std::size_t i = 0; i < labels_.count(); ++i) {
            if (marks[i] != 0 && labels_[i] == Label::backdrop) {
                labels_[i] = Label::undecided;
            }
        }
    }

private:
    static constexpr int kReach = 2;

    [[nodiscard]] bool is_faint(std::size_t i) const {
        return ridges_[i] >= kFaint && labels_[i] == Label::backdrop;
    }

    /// The ridges of gathered cells go out, so that each is gathered once.
    void gather(Point start, Net& net) {
        net = {.cells = std::move(net.cells),
               .left = start.x,
               .right = start.x,
               .top = start.y,
               .bottom = start.y};
        net.cells.assign(1, labels_.index(start.x, start.y));
        count(start, net);
        for (std::size_t k = 0; k < net.cells.size(); ++k) {
            labels_.for_each_around(labels_.place(net.cells[k]), [&](int x, int y) {
                const std::size_t i = labels_.index(x, y);
                net.is_held = net.is_held || labels_[i] != Label::backdrop;
                if (is_faint(i)) {
                    net.cells.push_back(i);
                    count({x, y}, net);
                }
            });
        }
    }

    /// Whether a line stands out from its very neighbours nearly as much as from what lies beyond.
    [[nodiscard]] bool is_narrow(Point p) const {
        constexpr float kNearly = squared(0.4F);
        for (std::size_t direction = 0; direction < kRidgeDirections; ++direction) {
            const float ridge = ridge_at(units_, p.x, p.y, kReach, direction);
            if (ridge >= ridges_.at(p.x, p.y)) {
                return ridge_at(units_, p.x, p.y, 1, direction) >= kNearly * ridge;
            }
        }
        return false;
    }

    void count(Point p, Net& net) {
        float& ridge = ridges_.at(p.x, p.y);
        net.strong += ridge >= kStrong ? 1 : 0;
        net.narrow += is_narrow(p) ? 1 : 0;
        net.left = std::min(net.left, p.x);
        net.right = std::max(net.right, p.x);
        net.top = std::min(net.top, p.y);
        net.bottom = std::max(net.bottom, p.y);
        ridge = 0;
    }

    void mark(const Net& net, Grid<std::uint8_t>& marks) const {
        for (const std::size_t cell : net.cells) {
            marks.for_each_around(marks.place(cell), [&](int x, int y) { marks.at(x, y) = 1; });
        }
    }

    const Planes& units_;
    const std::vector<Point>& backdrop_;
    Plane ridges_;
    CellLabels& labels_;
};

}  // namespace

void reopen_fine_strings(const WorkCopy& copy, const Planes& light, const CellNoise& noise,
                         const std::vector<Point>& backdrop, CellLabels& labels) {
    const Planes units = units_of(copy, light, noise.raw);
    FineStrings(units, backdrop, labels).reopen();
}

}  // namespace editprep::imaging
