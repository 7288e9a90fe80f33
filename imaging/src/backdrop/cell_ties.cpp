#include "backdrop/cell_ties.hpp"

#include <algorithm>
#include <vector>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

/// A shadow's soft edge is a slope that goes on; an object's edge ends within a few cells.
float prominence(const std::vector<float>& steps, std::size_t i) {
    constexpr std::ptrdiff_t kNear = 3;
    constexpr std::ptrdiff_t kFar = 5;
    const auto n = static_cast<std::ptrdiff_t>(steps.size());
    const auto at = static_cast<std::ptrdiff_t>(i);
    float slope = 0;
    for (const std::ptrdiff_t side : {-1, 1}) {
        float least = steps[i];
        for (std::ptrdiff_t k = kNear; k <= kFar; ++k) {
            const std::ptrdiff_t j = at + side * k;
            least = j >= 0 && j < n ? std::min(least, steps[static_cast<std::size_t>(j)]) : 0;
        }
        slope = std::max(slope, least);
    }
    return steps[i] - slope;
}

Plane larger(const Plane& a, const Plane& b) {
    Plane result = a;
    for (std::size_t i = 0; i < result.count(); ++i) {
        result[i] = std::max(result[i], b[i]);
    }
    return result;
}

}  // namespace

CellSteps::CellSteps(const OpponentPlanes& smooth)
    : rows_(along(smooth, true)), columns_(along(smooth, false)), luma_(smooth.luma) {}

CellSteps::Axis CellSteps::along(const OpponentPlanes& smooth, bool rows) {
    const Size size = smooth.size();
    Axis axis{Plane(size), Plane(size)};
    const auto width = static_cast<std::size_t>(size.width);
    const auto lines = static_cast<std::size_t>(rows ? size.height : size.width);
    const auto length = static_cast<std::size_t>((rows ? size.width : size.height) - 1);
    const std::size_t next = rows ? 1 : width;
    const std::size_t next_line = rows ? width : 1;
    std::vector<float> steps(length);
    for (std::size_t line = 0; line < lines; ++line) {
        const std::size_t first = line * next_line;
        for (std::size_t k = 0; k < length; ++k) {
            const std::size_t i = first + k * next;
            steps[k] = axis.step[i] = difference(smooth[i], smooth[i + next]);
        }
        for (std::size_t k = 0; k < length; ++k) {
            axis.prominence[first + k * next] = prominence(steps, k);
        }
    }
    return axis;
}

/// A slope along one axis may be an edge that runs almost along that axis: it keeps as much of its
/// step as is prominent across. And beside a strong edge a weak one is its shadow's or its ringing.
void CellSteps::tie_along(const Axis& axis, const Plane& prominence_across, const Plane& strongest,
                          bool rows, float unit, Plane& ties) {
    constexpr float kOfStrongest = 0.06F;
    const auto width = static_cast<std::size_t>(ties.width());
    const std::size_t next = rows ? 1 : width;
    const std::size_t aside = rows ? width : 1;
    for (std::size_t i = 0; i + next < ties.count(); ++i) {
        float across = std::max(prominence_across[i], prominence_across[i + next]);
        if (i >= aside) {
            across = std::max(
                {across, prominence_across[i - aside], prominence_across[i + next - aside]});
        }
        const float edge = std::max(axis.prominence[i], std::min(axis.step[i], across));
        ties[i] = 1 / (1 + squared(squared(edge / std::max(unit, kOfStrongest * strongest[i]))));
    }
}

void CellSteps::tie(float unit, WalkerField& field) const {
    constexpr int kReach = 4;
    const Plane strongest = largest_within(larger(rows_.step, columns_.step), kReach);
    tie_along(rows_, columns_.prominence, strongest, true, unit, field.to_right);
    tie_along(columns_, rows_.prominence, strongest, false, unit, field.to_below);
}

Plane CellSteps::sharpness() const {
    constexpr int kReach = 3;
    Plane result = largest_within(larger(rows_.prominence, columns_.prominence), kReach);
    const Plane most = largest_within(luma_, kReach);
    const Plane least = smallest_within(luma_, kReach);
    for (std::size_t i = 0; i < result.count(); ++i) {
        result[i] /= std::max(1.0F, most[i] - least[i]);
    }
    return result;
}

}  // namespace editprep::imaging
