#include "backdrop/coarse_look.hpp"

#include <algorithm>
#include <cstdint>

#include "backdrop/cell_filters.hpp"
#include "backdrop/halving.hpp"
#include "backdrop/light_difference.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/region_look.hpp"

namespace editprep::imaging {
namespace {

using Stretch = CellVector<std::size_t>;

/// Whether noise may hide an object from single cells that cells of twice the side would show.
bool is_noisy(const CellNoise& noise) {
    constexpr float kHeavyStep = 2.5F;
    return noise.step > kHeavyStep;
}

/// Of what is smaller, cells of twice the side are too few to tell a backdrop by.
bool is_small(Size cells) {
    constexpr int kSmallestSide = 16;
    return std::min(cells.width, cells.height) < kSmallestSide;
}

KnownCells halved(KnownCells known) {
    for (auto* points : {&known.object, &known.backdrop}) {
        for (Point& p : *points) {
            p = {p.x / 2, p.y / 2};
        }
    }
    return known;
}

/// Calls visit(cell) for the up to four cells that a coarse one consists of.
template <typename Visit>
void for_each_part(Point coarse, Size fine, Visit&& visit) {
    for (int y = 2 * coarse.y; y < std::min(2 * coarse.y + 2, fine.height); ++y) {
        for (int x = 2 * coarse.x; x < std::min(2 * coarse.x + 2, fine.width); ++x) {
            visit(Point{x, y});
        }
    }
}

/// 1 where only the coarse cells tell of an object.
Grid<std::uint8_t> missed_cells(const Plane& object_share, const Plane& coarse_share) {
    Grid<std::uint8_t> missed(coarse_share.size());
    for (std::size_t i = 0; i < missed.count(); ++i) {
        float share = 0;
        for_each_part(missed.place(i), object_share.size(),
                      [&](Point p) { share = std::max(share, object_share.at(p.x, p.y)); });
        missed[i] = coarse_share[i] >= 0.5F && share < 0.5F ? 1 : 0;
    }
    return missed;
}

/// More than a speck, and of another colour than the backdrop in any light. Coarse cells also close
/// the gaps of lattices, through which the backdrop is seen, and blur the edges of shadows.
bool is_missed_object(const Stretch& cells, const LightMeter& meter) {
    constexpr std::size_t kFewCells = 40;
    constexpr float kOtherColorUnits = 2.6F;
    return cells.size() >= kFewCells &&
           meter.look_at(meter.tally(cells)).off_units > kOtherColorUnits;
}

/// Leaves those cells that hang together with others of a missed object.
void keep_objects(const LightMeter& meter, Grid<std::uint8_t>& missed) {
    Grid<std::uint8_t> met(missed.size());
    Stretch stretch;
    for (std::size_t start = 0; start < missed.count(); ++start) {
        if (missed[start] == 0 || met[start] != 0) {
            continue;
        }
        stretch.assign(1, start);
        met[start] = 1;
        met.flood(stretch, [&](std::size_t, std::size_t j) {
            const bool joins = missed[j] != 0 && met[j] == 0;
            met[j] = joins ? 1 : met[j];
            return joins;
        });
        if (!is_missed_object(stretch, meter)) {
            for (const std::size_t i : stretch) {
                missed[i] = 0;
            }
        }
    }
}

}  // namespace

CellVector<std::size_t> look_at_coarse_cells(const Image& picture, const WorkCopy& copy,
                                             const Plane& object_share, const KnownCells& known,
                                             int threads) {
    const WorkCopy coarse = coarser(copy);
    const LightFit fit = fit_light(coarse);
    const KnownCells known_coarse = halved(known);
    Evidence evidence = weigh_evidence(picture, coarse, fit, known_coarse, threads);
    const Plane coarse_share =
        solve_through_noise(picture, coarse, known_coarse, threads, evidence);
    Grid<std::uint8_t> missed = missed_cells(object_share, coarse_share);
    const OpponentPlanes difference = smooth(differences(coarse, fit.light));
    keep_objects(LightMeter(difference, fit, evidence.noise), missed);

    const Plane inside = smallest_within(coarse_share, 1);
    CellVector<std::size_t> cells;
    for (std::size_t i = 0; i < missed.count(); ++i) {
        if (missed[i] != 0 && inside[i] >= 0.5F) {
            for_each_part(missed.place(i), copy.size(),
                          [&](Point p) { cells.push_back(object_share.index(p.x, p.y)); });
        }
    }
    return cells;
}

Plane solve_through_noise(const Image& picture, const WorkCopy& copy, const KnownCells& known,
                          int threads, Evidence& evidence) {
    Plane object_share = solve(evidence.field);
    if (!is_noisy(evidence.noise) || is_small(copy.size())) {
        return object_share;
    }
    for (const std::size_t i : look_at_coarse_cells(picture, copy, object_share, known, threads)) {
        evidence.field.object[i] = 1;
        evidence.field.backdrop[i] = 0;
    }
    return solve(evidence.field);
}

}  // namespace editprep::imaging
