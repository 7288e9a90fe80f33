#include "backdrop/outline_verdicts.hpp"

#include <cstddef>
#include <cstdint>

#include "backdrop/cell_filters.hpp"
#include "backdrop/region_map.hpp"

namespace editprep::imaging {
namespace {

/// What lies around a cell.
constexpr std::uint8_t kObject = 1;
constexpr std::uint8_t kBackdrop = 2;
constexpr std::uint8_t kTold = 4;

Verdict verdict_of(int region, const std::vector<Verdict>& verdicts) {
    return region == kNoRegion ? Verdict::unknown : verdicts[static_cast<std::size_t>(region)];
}

std::uint8_t mark_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::object:
        case Verdict::pane:
        case Verdict::print:
            return kObject;
        case Verdict::unknown:
            return kObject | kBackdrop;
        case Verdict::told_backdrop:
            return kBackdrop | kTold;
        default:
            return kBackdrop;
    }
}

/// For each cell the marks of the nearest regions of all cells around.
Grid<std::uint8_t> marks_around(const Grid<int>& nearest, const std::vector<Verdict>& verdicts) {
    constexpr int kReach = 3;
    Grid<std::uint8_t> marks(nearest.size());
    for (std::size_t i = 0; i < marks.count(); ++i) {
        marks[i] = mark_of(verdict_of(nearest[i], verdicts));
    }
    return united_within(marks, kReach);
}

/// By what lies around a cell of an outline, and on its side of the strongest edge.
Verdict of_outline(std::uint8_t around, Verdict basin) {
    const bool object = (around & kObject) != 0;
    const bool backdrop = (around & kBackdrop) != 0;
    if ((around & kTold) != 0 && !object) {
        return Verdict::told_backdrop;
    }
    if (object != backdrop) {
        return object ? Verdict::inner_edge : Verdict::outer_edge;
    }
    switch (basin) {
        case Verdict::object:
        case Verdict::pane:
        case Verdict::print:
            return Verdict::object_side;
        case Verdict::open:
        case Verdict::hole:
        case Verdict::told_backdrop:
            return Verdict::backdrop_side;
        default:
            return Verdict::unknown;
    }
}

}  // namespace

Grid<Verdict> verdicts_of_cells(const CellOwners& owners, const std::vector<Verdict>& verdicts) {
    const Grid<std::uint8_t> around = marks_around(owners.nearest, verdicts);
    Grid<Verdict> result(owners.own.size(), Verdict::unknown);
    for (std::size_t i = 0; i < result.count(); ++i) {
        const int region = owners.own[i];
        result[i] = region != kNoRegion
                        ? verdict_of(region, verdicts)
                        : of_outline(around[i], verdict_of(owners.basin[i], verdicts));
    }
    return result;
}

}  // namespace editprep::imaging
