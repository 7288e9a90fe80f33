#include "backdrop/narrow_gaps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "backdrop/cell_filters.hpp"
#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

/// Half the width of the widest gap: wider ones are regions of their own.
constexpr int kReach = 5;
/// The same along diagonals.
constexpr int kDiagonalReach = 4;
/// Cells beside a gap that are reopened with it: its sides are outline, too.
constexpr int kSides = 2;

float dot(const Rgb& a, const Rgb& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

float length(const Rgb& colour) { return std::sqrt(dot(colour, colour)); }

class NarrowGaps {
public:
    NarrowGaps(const GapClues& clues, CellLabels& labels)
        : clues_(clues),
          labels_(labels),
          is_gap_(labels.size()),
          units_{Plane(labels.size()), Plane(labels.size()), Plane(labels.size())} {
        for (std::size_t c = 0; c < 3; ++c) {
            const float per_noise = 1 / std::max(kLeastNoise, clues.pixel_noise[c]);
            for (std::size_t i = 0; i < labels.count(); ++i) {
                units_[c][i] = (clues.copy.mean[c][i] - clues.light[c][i]) * per_noise;
            }
        }
    }

    void reopen() {
        constexpr float kGapEnds = 0.8F;
        CellVector<std::size_t> gap = mouths();
        is_gap_.flood(gap, [&](std::size_t, std::size_t j) {
            if (is_gap_[j] != 0 || !may_open(j) || share_of_sides(j) > kGapEnds) {
                return false;
            }
            is_gap_[j] = 1;
            return true;
        });
        if (!gap.empty()) {
            open_with_sides();
        }
    }

private:
    /// No region of the object, as a print's ground or a stripe would be.
    [[nodiscard]] bool may_open(std::size_t cell) const {
        return labels_[cell] == Label::object && !is_of_object(clues_.verdict[cell]);
    }

    [[nodiscard]] bool is_alike(std::size_t cell) const {
        constexpr float kAlikeUnits = 6;
        return length(color_at(units_, cell)) <= kAlikeUnits;
    }

    /// Cells of the outline from which gaps may lead on: they look like the backdrop, and hang
    /// together with it, as no gloss within an object does.
    [[nodiscard]] CellVector<std::size_t> mouths() {
        constexpr float kAlikeShare = 0.25F;
        Grid<std::uint8_t> is_met(labels_.size());
        CellVector<std::size_t> reached;
        for (std::size_t i = 0; i < labels_.count(); ++i) {
            if (labels_[i] == Label::backdrop) {
                is_met[i] = 1;
                reached.push_back(i);
            }
        }
        is_met.flood(reached, [&](std::size_t, std::size_t j) {
            const bool joins = is_met[j] == 0 && labels_[j] == Label::undecided && is_alike(j);
            is_met[j] = joins ? 1 : is_met[j];
            return joins;
        });
        CellVector<std::size_t> cells;
        for (const std::size_t i : reached) {
            if (labels_[i] == Label::undecided && share_of_sides(i) <= kAlikeShare) {
                is_gap_[i] = 1;
                cells.push_back(i);
            }
        }
        return cells;
    }

    /// How far a cell is on the way from the backdrop to the colour on both sides of it, along the
    /// axis on which that is least; 1 where it is not between two sides of a colour, or not on the
    /// way.
    [[nodiscard]] float share_of_sides(std::size_t cell) const {
        const auto [x, y] = labels_.place(cell);
        const Rgb own = color_at(units_, cell);
        float share = 1;
        for (const auto& [right, down] : {std::pair{1, 0}, {0, 1}, {1, 1}, {1, -1}}) {
            share = std::min(share, share_between(own, farthest(x, y, right, down),
                                                  farthest(x, y, -right, -down)));
        }
        return share;
    }

    /// The same between these two sides, all as differences from the backdrop in units of noise.
    [[nodiscard]] static float share_between(const Rgb& own, const Rgb& one, const Rgb& other) {
        constexpr float kContrast = 16;
        constexpr float kAligned = 0.5F;
        // Of noise and shading, beside the way.
        constexpr float kOffUnits = 5;
        constexpr float kOffShare = 0.4F;
        const std::array<float, 2> far{length(one), length(other)};
        const float contrast = std::min(far[0], far[1]);
        // From a brighter to a darker part of the object one passes the backdrop's colour, too.
        if (contrast < kContrast || dot(one, other) < kAligned * far[0] * far[1]) {
            return 1;
        }
        const float along = (dot(own, one) / far[0] + dot(own, other) / far[1]) / 2;
        const float distance = length(own);
        const float off = std::sqrt(std::max(0.0F, squared(distance) - squared(along)));
        const bool is_mixed = along >= -kOffUnits && off <= kOffUnits + kOffShare * distance;
        return is_mixed ? distance / contrast : 1;
    }

    /// Of the cells in that direction, the one that differs most from the backdrop.
    [[nodiscard]] Rgb farthest(int x, int y, int right, int down) const {
        const int steps = right != 0 && down != 0 ? kDiagonalReach : kReach;
        Rgb result{};
        float most = -1;
        for (int k = 0; k <= steps; ++k) {
            const int i = x + k * right;
            const int j = y + k * down;
            if (i < 0 || j < 0 || i >= labels_.width() || j >= labels_.height()) {
                break;
            }
            const Rgb colour = color_at(units_, labels_.index(i, j));
            const float squares = dot(colour, colour);
            if (squares > most) {
                most = squares;
                result = colour;
            }
        }
        return result;
    }

    /// Except what somebody says is the object's.
    void open_with_sides() {
        // Around a cell that was pointed at.
        constexpr int kTold = 5;
        Grid<std::uint8_t> told(labels_.size());
        for (const Point p : clues_.object) {
            told.at(p.x, p.y) = 1;
        }
        told = united_within(told, kTold);
        const Grid<std::uint8_t> open = united_within(is_gap_, kSides);
        for (std::size_t i = 0; i < labels_.count(); ++i) {
            if (open[i] != 0 && told[i] == 0 && may_open(i)) {
                labels_[i] = Label::undecided;
            }
        }
    }

    const GapClues& clues_;
    CellLabels& labels_;
    Grid<std::uint8_t> is_gap_;
    /// The cells' differences from the backdrop in units of a pixel's noise.
    Planes units_;
};

}  // namespace

void reopen_narrow_gaps(const GapClues& clues, CellLabels& labels) {
    NarrowGaps(clues, labels).reopen();
}

}  // namespace editprep::imaging
