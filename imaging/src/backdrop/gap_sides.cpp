#include "backdrop/gap_sides.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

/// How far a colour is on the way from the backdrop to those of both sides, all as differences from
/// the backdrop in units of noise.
float share_between(const Rgb& own, const Rgb& one, const Rgb& other) {
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

/// Taken for the object, and of none of its regions, as a print's ground or a stripe would be.
bool may_be_gap(const GapClues& clues, const CellLabels& labels, std::size_t cell) {
    return labels[cell] == Label::object && !is_of_object(clues.verdict[cell]);
}

}  // namespace

GapSides::GapSides(const GapClues& clues, const CellLabels& labels)
    : clues_(clues), labels_(labels) {
    for (std::size_t c = 0; c < per_noise_.size(); ++c) {
        per_noise_[c] = 1 / std::max(kLeastNoise, clues.pixel_noise[c]);
    }
}

float GapSides::distance(std::size_t cell) const { return length(units(cell)); }

/// The difference from the backdrop in units of a pixel's noise.
Rgb GapSides::units(std::size_t cell) const {
    Rgb units{};
    for (std::size_t c = 0; c < units.size(); ++c) {
        units[c] = (clues_.copy.mean[c][cell] - clues_.light[c][cell]) * per_noise_[c];
    }
    return units;
}

float GapSides::share_along(std::size_t cell, Axis axis) const {
    const Point place = clues_.verdict.place(cell);
    return share_between(units(cell), farthest(place, axis),
                         farthest(place, {-axis.right, -axis.down}));
}

float GapSides::least_share(std::size_t cell) const {
    float share = 1;
    for (const Axis axis : {Axis{1, 0}, Axis{0, 1}, Axis{1, 1}, Axis{1, -1}}) {
        share = std::min(share, share_along(cell, axis));
    }
    return share;
}

/// Of the cells in that direction, the one that differs most from the backdrop.
Rgb GapSides::farthest(Point cell, Axis axis) const {
    // Half the width of the widest gap: wider ones are regions of their own.
    constexpr int kReach = 5;
    constexpr int kDiagonalReach = 4;
    const int steps = axis.right != 0 && axis.down != 0 ? kDiagonalReach : kReach;
    Rgb result{};
    float most = -1;
    for (int k = 0; k <= steps; ++k) {
        const int x = cell.x + k * axis.right;
        const int y = cell.y + k * axis.down;
        if (x < 0 || y < 0 || x >= clues_.verdict.width() || y >= clues_.verdict.height()) {
            break;
        }
        const Rgb colour = units(clues_.verdict.index(x, y));
        const float squares = dot(colour, colour);
        if (squares > most) {
            most = squares;
            result = colour;
        }
    }
    return result;
}

bool GapSides::goes_on(std::size_t cell) const {
    constexpr float kGapEnds = 0.8F;
    return may_be_gap(clues_, labels_, cell) && least_share(cell) <= kGapEnds;
}

void open_with_sides(const GapClues& clues, const Grid<std::uint8_t>& is_gap, CellLabels& labels) {
    constexpr int kSides = 2;
    // Around a cell that was pointed at.
    constexpr int kTold = 5;
    Grid<std::uint8_t> told(labels.size());
    for (const Point p : clues.object) {
        told.at(p.x, p.y) = 1;
    }
    told = united_within(told, kTold);
    const Grid<std::uint8_t> open = united_within(is_gap, kSides);
    for (std::size_t i = 0; i < labels.count(); ++i) {
        if (open[i] != 0 && told[i] == 0 && may_be_gap(clues, labels, i)) {
            labels[i] = Label::undecided;
        }
    }
}

}  // namespace editprep::imaging
