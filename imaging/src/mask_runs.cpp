#include "mask_runs.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

EDITPREP_SIMD_CLONES
void mark_range(const std::uint8_t* values, std::size_t count, int low, int high,
                std::uint8_t* __restrict marks) {
    for (std::size_t i = 0; i < count; ++i) {
        marks[i] = values[i] >= low && values[i] <= high ? 1 : 0;
    }
}

/// Roots are the first runs of their parts, so a run's parent never lies behind it.
std::uint32_t root_of(std::vector<Run>& runs, std::uint32_t run) {
    while (runs[run].part != run) {
        runs[run].part = runs[runs[run].part].part;
        run = runs[run].part;
    }
    return run;
}

void join(std::vector<Run>& runs, std::size_t a, std::size_t b) {
    const std::uint32_t first = root_of(runs, static_cast<std::uint32_t>(a));
    const std::uint32_t second = root_of(runs, static_cast<std::uint32_t>(b));
    runs[std::max(first, second)].part = std::min(first, second);
}

/// Joins the runs from `above` to `row`, those of one row, with the runs behind, those of the next.
/// @param reach 1 where corners count as neighbours, else 0
void join_rows(std::vector<Run>& runs, std::size_t above, std::size_t row, int reach) {
    const std::size_t end = runs.size();
    for (std::size_t below = row; above < row && below < end;) {
        const Extent up = runs[above].extent;
        const Extent down = runs[below].extent;
        if (up.left < down.right + reach && down.left < up.right + reach) {
            join(runs, above, below);
        }
        if (up.right < down.right) {
            ++above;
        } else {
            ++below;
        }
    }
}

}  // namespace

std::span<const Extent> RowScanner::scan(const std::uint8_t* row, ValueRange range) {
    mark_range(row, marks_.size(), range.low, range.high, marks_.data());
    extents_.clear();
    const auto width = static_cast<int>(marks_.size());
    for (int left = find(1, 0); left < width;) {
        const int right = find(0, left);
        extents_.push_back({left, right});
        left = find(1, right);
    }
    return extents_;
}

int RowScanner::find(int mark, int from) const {
    const auto offset = static_cast<std::size_t>(from);
    if (offset == marks_.size()) {
        return from;
    }
    const void* found = std::memchr(marks_.data() + offset, mark, marks_.size() - offset);
    return static_cast<int>(found == nullptr
                                ? static_cast<std::ptrdiff_t>(marks_.size())
                                : static_cast<const std::uint8_t*>(found) - marks_.data());
}

std::vector<Run> joined_runs(const Mask& mask, ValueRange range, Neighbours neighbours) {
    const int reach = neighbours == Neighbours::sides_and_corners ? 1 : 0;
    RowScanner scanner(mask.width());
    std::vector<Run> runs;
    std::size_t above = 0;
    for (int y = 0; y < mask.height(); ++y) {
        const std::size_t row = runs.size();
        for (const Extent extent : scanner.scan(mask.row(y), range)) {
            runs.push_back({extent, y, static_cast<std::uint32_t>(runs.size())});
        }
        join_rows(runs, above, row, reach);
        above = row;
    }
    for (Run& run : runs) {
        run.part = runs[run.part].part;
    }
    return runs;
}

const Run& run_at(std::span<const Run> runs, Point point) {
    const auto after =
        std::ranges::upper_bound(runs, std::pair(point.y, point.x), {},
                                 [](const Run& run) { return std::pair(run.y, run.extent.left); });
    return *std::prev(after);
}

}  // namespace editprep::imaging
