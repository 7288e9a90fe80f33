#include "editprep/imaging/mask_components.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "check_point.hpp"
#include "mask_runs.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// What becomes of a pixel; a Mask of such values says it for every pixel.
using Fate = std::uint8_t;
constexpr Fate kOpen = 0;
/// Wins where two fates come equally far.
constexpr Fate kKept = 1;
constexpr Fate kChanged = 2;

constexpr const char* kPointName = "the point";

using Points = std::vector<Point>;

std::uint8_t& at(Mask& mask, Point point) { return mask.row(point.y)[point.x]; }
std::uint8_t at(const Mask& mask, Point point) { return mask.row(point.y)[point.x]; }

void set(Mask& mask, const Points& points, std::uint8_t value) {
    for (const Point point : points) {
        at(mask, point) = value;
    }
}

/// Also visits the point itself.
template <class Visit>
void visit_neighbours(Point point, Size size, const Visit& visit) {
    for (int y = std::max(point.y - 1, 0); y <= std::min(point.y + 1, size.height - 1); ++y) {
        for (int x = std::max(point.x - 1, 0); x <= std::min(point.x + 1, size.width - 1); ++x) {
            visit(Point{x, y});
        }
    }
}

struct Frontier {
    Points kept;
    Points changed;
};

/// The open pixels with values in the range that have a neighbour whose fate is known.
Frontier find_frontier(const Mask& mask, ValueRange range, const Mask& fates) {
    Frontier frontier;
    RowScanner scanner(mask.width());
    for (int y = 0; y < mask.height(); ++y) {
        for (const Extent extent : scanner.scan(mask.row(y), range)) {
            for (int x = extent.left; x < extent.right; ++x) {
                if (at(fates, {x, y}) != kOpen) {
                    continue;
                }
                int known = 0;
                visit_neighbours({x, y}, mask.size(),
                                 [&](Point neighbour) { known |= at(fates, neighbour); });
                if (known != 0) {
                    ((known & kKept) != 0 ? frontier.kept : frontier.changed).push_back({x, y});
                }
            }
        }
    }
    return frontier;
}

/// Gives open pixels with values in the range the fate that is the fewest steps away.
void spread(const Mask& mask, ValueRange range, Mask& fates) {
    auto [front, changed] = find_frontier(mask, range, fates);
    set(fates, front, kKept);
    set(fates, changed, kChanged);
    // The kept ones stay ahead in every round, so of equal ways theirs comes first.
    front.insert(front.end(), changed.begin(), changed.end());
    for (Points next; !front.empty(); std::swap(front, next)) {
        next.clear();
        for (const Point point : front) {
            const Fate fate = at(fates, point);
            visit_neighbours(point, mask.size(), [&](Point neighbour) {
                if (at(fates, neighbour) == kOpen && range.holds(at(mask, neighbour))) {
                    at(fates, neighbour) = fate;
                    next.push_back(neighbour);
                }
            });
        }
    }
}

void paint(const Run& run, Fate fate, Mask& fates) {
    std::memset(fates.row(run.y) + run.extent.left, fate,
                static_cast<std::size_t>(run.extent.right - run.extent.left));
}

EDITPREP_SIMD_CLONES
void replace(const std::uint8_t* fates, Fate fate, std::uint8_t value,
             std::uint8_t* __restrict values, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        values[i] = fates[i] == fate ? value : values[i];
    }
}

void replace(const Mask& fates, Fate fate, std::uint8_t value, Mask& mask) {
    replace(fates.bytes().data(), fate, value, mask.bytes().data(), mask.bytes().size());
}

/// Where the soft pixels around a soft pixel lead to.
struct SoftWay {
    /// The nearest selected pixel; nothing for a faint one.
    std::optional<Point> selected{};
    /// All that was walked through.
    Points soft{};
};

/// Many walks cost no more than what they walk through.
class SoftWalks {
public:
    explicit SoftWalks(const Mask& mask) : mask_(mask) {}

    /// @param start a soft pixel
    [[nodiscard]] SoftWay from(Point start) {
        if (seen_.empty()) {
            seen_ = Mask(mask_.size(), 0);
        }
        SoftWay way{.soft = {start}};
        at(seen_, start) = 1;
        for (std::size_t i = 0; i < way.soft.size() && !way.selected; ++i) {
            visit_neighbours(way.soft[i], mask_.size(), [&](Point neighbour) {
                const std::uint8_t value = at(mask_, neighbour);
                if (kSelected.holds(value) && !way.selected) {
                    way.selected = neighbour;
                } else if (kSoft.holds(value) && at(seen_, neighbour) == 0) {
                    at(seen_, neighbour) = 1;
                    way.soft.push_back(neighbour);
                }
            });
        }
        set(seen_, way.soft, 0);
        return way;
    }

private:
    const Mask& mask_;
    Mask seen_;
};

/// The selected pixels of a mask, part by part, and what becomes of each.
class Parts {
public:
    explicit Parts(const Mask& mask)
        : mask_(mask),
          runs_(joined_runs(mask, kSelected, Neighbours::sides_and_corners)),
          named_(runs_.size(), false) {}

    [[nodiscard]] bool empty() const { return runs_.empty(); }

    void name(std::uint32_t part) { named_[part] = true; }
    /// @param point a selected pixel
    void name_part_of(Point point) { name(run_at(runs_, point).part); }
    void name_nearest_to(Point point) {
        if (!runs_.empty()) {
            name(nearest_run(point).part);
        }
    }

    [[nodiscard]] std::uint32_t largest() const {
        std::vector<std::int64_t> pixels(runs_.size(), 0);
        for (const Run& run : runs_) {
            pixels[run.part] += run.extent.right - run.extent.left;
        }
        return static_cast<std::uint32_t>(std::ranges::max_element(pixels) - pixels.begin());
    }

    /// A fate for every pixel that is selected or leads to one that is.
    [[nodiscard]] Mask fates(Fate of_named, Fate of_others) const {
        Mask fates(mask_.size(), kOpen);
        for (const Run& run : runs_) {
            paint(run, named_[run.part] ? of_named : of_others, fates);
        }
        spread(mask_, kSoft, fates);
        return fates;
    }

private:
    [[nodiscard]] const Run& nearest_run(Point point) const {
        const auto squared_distance = [point](const Run& run) {
            const std::int64_t across =
                point.x - std::clamp(point.x, run.extent.left, run.extent.right - 1);
            const std::int64_t down = point.y - run.y;
            return across * across + down * down;
        };
        return *std::ranges::min_element(runs_, {}, squared_distance);
    }

    const Mask& mask_;
    std::vector<Run> runs_;
    /// By part.
    std::vector<bool> named_;
};

Mask keep_named(const Mask& mask, const Parts& parts, const Points& faint) {
    Mask fates = parts.fates(kKept, kChanged);
    set(fates, faint, kKept);
    Mask result = mask;
    replace(fates, kOpen, 0, result);
    replace(fates, kChanged, 0, result);
    return result;
}

void append(Points& points, const Points& further) {
    points.insert(points.end(), further.begin(), further.end());
}

bool touches_border(const Run& run, Size size) {
    return run.y == 0 || run.y == size.height - 1 || run.extent.left == 0 ||
           run.extent.right == size.width;
}

EDITPREP_SIMD_CLONES
void harden(const std::uint8_t* values, std::uint8_t* __restrict hard, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        hard[i] = values[i] >= kSelected.low ? 255 : 0;
    }
}

}  // namespace

Mask keep_largest_part(const Mask& mask) {
    Parts parts(mask);
    if (parts.empty()) {
        return mask;
    }
    parts.name(parts.largest());
    return keep_named(mask, parts, {});
}

Mask keep_parts_at(const Mask& mask, std::span<const Point> points) {
    Parts parts(mask);
    SoftWalks walks(mask);
    Points faint;
    for (const Point point : points) {
        check_point(point, mask.size(), kPointName);
        const std::uint8_t value = at(mask, point);
        if (kSelected.holds(value)) {
            parts.name_part_of(point);
        } else if (!kSoft.holds(value)) {
            parts.name_nearest_to(point);
        } else if (const SoftWay way = walks.from(point); way.selected) {
            parts.name_part_of(*way.selected);
        } else {
            append(faint, way.soft);
        }
    }
    return keep_named(mask, parts, faint);
}

Mask drop_parts_at(const Mask& mask, std::span<const Point> points) {
    Parts parts(mask);
    SoftWalks walks(mask);
    Points faint;
    for (const Point point : points) {
        check_point(point, mask.size(), kPointName);
        const std::uint8_t value = at(mask, point);
        if (kSelected.holds(value)) {
            parts.name_part_of(point);
        } else if (kSoft.holds(value)) {
            if (const SoftWay way = walks.from(point); !way.selected) {
                append(faint, way.soft);
            }
        }
    }
    Mask fates = parts.fates(kChanged, kKept);
    set(fates, faint, kChanged);
    Mask result = mask;
    replace(fates, kChanged, 0, result);
    return result;
}

Mask fill_holes(const Mask& mask) {
    const std::vector<Run> runs = joined_runs(mask, kUnselected, Neighbours::sides);
    std::vector<bool> outside(runs.size(), false);
    for (const Run& run : runs) {
        if (touches_border(run, mask.size())) {
            outside[run.part] = true;
        }
    }
    Mask fates(mask.size(), kOpen);
    for (const Run& run : runs) {
        paint(run, outside[run.part] ? kKept : kChanged, fates);
    }
    spread(mask, {kSelected.low, 254}, fates);
    Mask result = mask;
    replace(fates, kChanged, 255, result);
    return result;
}

Mask harden(const Mask& mask) {
    Mask hard(mask.size());
    harden(mask.bytes().data(), hard.bytes().data(), mask.bytes().size());
    return hard;
}

Mask clear_outside(const Mask& mask, const Rect& box) {
    const Rect inside = intersect(box, bounds_of(mask.size()));
    Mask result(mask.size(), 0);
    for (int y = inside.top; y < inside.bottom; ++y) {
        std::memcpy(result.row(y) + inside.left, mask.row(y) + inside.left,
                    static_cast<std::size_t>(inside.width()));
    }
    return result;
}

}  // namespace editprep::imaging
