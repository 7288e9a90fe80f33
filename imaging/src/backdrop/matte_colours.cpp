#include "backdrop/matte_colours.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "backdrop/halving.hpp"
#include "backdrop/matte_band.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Nodes whose colours are read: those around undecided pixels, as far as samples are taken.
constexpr int kReachNodes = 4;

/// Colours that are known in places: sums over the known cells of a node, and their number.
struct Level {
    Plane weight;
    Planes colour;
};

Level empty_level(Size size) { return {Plane(size), {Plane(size), Plane(size), Plane(size)}}; }

Level halve(const Level& fine) {
    return {halve(fine.weight),
            {halve(fine.colour[0]), halve(fine.colour[1]), halve(fine.colour[2])}};
}

EDITPREP_SIMD_CLONES
void mark_label(const Label* __restrict labels, Label label, float* __restrict marks, int count) {
    for (int x = 0; x < count; ++x) {
        marks[x] = labels[x] == label ? 1.0F : 0.0F;
    }
}

EDITPREP_SIMD_CLONES
void marked_difference(const float* __restrict mean, const float* __restrict light,
                       const float* __restrict marks, float* __restrict difference, int count) {
    for (int x = 0; x < count; ++x) {
        difference[x] = (mean[x] - light[x]) * marks[x];
    }
}

/// Sums of the cells of one label in every node, as differences from the backdrop's light.
Level label_sums(const WorkCopy& copy, const CellLabels& labels, const BackdropModel& backdrop,
                 Label label) {
    Level level = empty_level(half(labels.size()));
    const int width = labels.width();
    std::vector<float> marks(static_cast<std::size_t>(width));
    std::vector<float> difference(static_cast<std::size_t>(width));
    for (int y = 0; y < labels.height(); ++y) {
        mark_label(labels.row(y), label, marks.data(), width);
        add_halved(marks.data(), level.weight.row(y / 2), width);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            marked_difference(copy.mean[channel].row(y), backdrop.light[channel].row(y),
                              marks.data(), difference.data(), width);
            add_halved(difference.data(), level.colour[channel].row(y / 2), width);
        }
    }
    return level;
}

/// Between the values of `coarse`, whose nodes are 2 x 2 nodes of the finer level.
float sample_halved(const Plane& coarse, int x, int y) {
    const auto at = [](int i, int count) {
        const int near = i / 2;
        const int other = std::clamp(i % 2 == 0 ? near - 1 : near + 1, 0, count - 1);
        return std::pair{near, other};
    };
    const auto [x0, x1] = at(x, coarse.width());
    const auto [y0, y1] = at(y, coarse.height());
    const float* row0 = coarse.row(y0);
    const float* row1 = coarse.row(y1);
    const float near = row0[x0] * 0.75F + row0[x1] * 0.25F;
    const float far = row1[x0] * 0.75F + row1[x1] * 0.25F;
    return near * 0.75F + far * 0.25F;
}

/// Spreads what is known over everything: a node takes the mean of its own cells, as far as they
/// are many, and of the coarser level around it. Wholly unknown colours stay 0. Of the finest
/// level only the nodes that are `read` are done.
Planes spread(Level finest, float few, const Grid<std::uint8_t>& read) {
    std::vector<Level> levels;
    levels.push_back(std::move(finest));
    while (levels.back().weight.count() > 1) {
        Level coarse = halve(levels.back());
        levels.push_back(std::move(coarse));
    }
    const Level* above = nullptr;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        const bool is_finest = &*level == &levels.front();
        for (int y = 0; y < level->weight.height(); ++y) {
            for (int x = 0; x < level->weight.width(); ++x) {
                if (is_finest && read.at(x, y) == 0) {
                    continue;
                }
                const float weight = level->weight.at(x, y);
                const float rest = above != nullptr ? few : 0.0F;
                const float scale = weight + rest > 0 ? 1 / (weight + rest) : 0.0F;
                for (std::size_t channel = 0; channel < 3; ++channel) {
                    const float around =
                        above != nullptr ? sample_halved(above->colour[channel], x, y) : 0.0F;
                    float& value = level->colour[channel].at(x, y);
                    value = (value + rest * around) * scale;
                }
            }
        }
        above = &*level;
    }
    return std::move(levels.front().colour);
}

/// The mean over the cells of each node.
Plane node_means(const Plane& cells) {
    Plane sums = halve(cells);
    for (int y = 0; y < sums.height(); ++y) {
        for (int x = 0; x < sums.width(); ++x) {
            const int columns = std::min(2, cells.width() - 2 * x);
            const int rows = std::min(2, cells.height() - 2 * y);
            sums.at(x, y) /= static_cast<float>(columns * rows);
        }
    }
    return sums;
}

}  // namespace

LocalColours local_colours(const WorkCopy& copy, const CellLabels& labels,
                           const BackdropModel& backdrop) {
    const Grid<std::uint8_t> read = groups_near_undecided(labels, 2, kReachNodes);
    // A mean of about 16 pixels is free enough of noise to stand alone.
    const float few = std::max(0.5F, 16.0F / static_cast<float>(copy.scale * copy.scale));
    LocalColours colours{Lattice(copy.full, 2 * copy.scale), {}, {}};
    const Planes shades = spread(label_sums(copy, labels, backdrop, Label::backdrop), few, read);
    colours.contrast = spread(label_sums(copy, labels, backdrop, Label::object), few, read);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        colours.backdrop[channel] = node_means(backdrop.light[channel]);
        for (std::size_t i = 0; i < shades[channel].count(); ++i) {
            colours.backdrop[channel][i] += shades[channel][i];
            colours.contrast[channel][i] -= shades[channel][i];
        }
    }
    return colours;
}

}  // namespace editprep::imaging
