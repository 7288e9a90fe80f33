#include "backdrop/coarse_to_fine.hpp"

#include <algorithm>
#include <cstdint>

#include "backdrop/cell_filters.hpp"
#include "backdrop/light_difference.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/region_look.hpp"

namespace editprep::imaging {
namespace {

using Cells = CellVector<std::size_t>;

/// Heavy, and of single cells: averages have less of it. Texture of the backdrop they do not calm.
bool is_noisy(const CellNoise& noise) {
    constexpr float kHeavyStep = 2.5F;
    constexpr float kCalmed = 0.8F;
    return noise.step > kHeavyStep && noise.smooth.luma < kCalmed * noise.raw.luma;
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

/// More than a speck, and of another colour than the backdrop in any light, or so large that it is
/// none of the lattices whose gaps coarse cells close, nor a shadow whose edge they blur.
bool is_object(const Cells& group, const LightMeter& meter) {
    constexpr std::size_t kFewestCells = 40;
    constexpr std::size_t kLarge = 250;
    constexpr float kOtherColorUnits = 2.6F;
    if (group.size() < kFewestCells) {
        return false;
    }
    const RegionLook look = meter.look_at(meter.tally(group));
    return look.off_units > kOtherColorUnits || (group.size() >= kLarge && look.units > kSameUnits);
}

/// Clears the connected groups that are no object.
void keep_objects(const LightMeter& meter, Grid<std::uint8_t>& missed) {
    Grid<std::uint8_t> met(missed.size());
    Cells group;
    for (std::size_t start = 0; start < missed.count(); ++start) {
        if (missed[start] == 0 || met[start] != 0) {
            continue;
        }
        group.assign(1, start);
        met[start] = 1;
        met.flood(group, [&](std::size_t, std::size_t j) {
            const bool joins = missed[j] != 0 && met[j] == 0;
            met[j] = joins ? 1 : met[j];
            return joins;
        });
        if (!is_object(group, meter)) {
            for (const std::size_t i : group) {
                missed[i] = 0;
            }
        }
    }
}

}  // namespace

CellVector<std::size_t> find_objects_in_noise(const Image& picture, const WorkCopy& copy,
                                              const Plane& object_share, const KnownCells& known,
                                              int threads) {
    const WorkCopy coarse = coarser(copy);
    const LightFit fit = fit_light(coarse);
    const KnownCells known_coarse = halved(known);
    Evidence evidence = weigh_evidence(picture, coarse, fit, known_coarse, threads);
    const Plane coarse_share =
        solve_coarse_to_fine(picture, coarse, known_coarse, threads, evidence);
    Grid<std::uint8_t> missed = missed_cells(object_share, coarse_share);
    const OpponentPlanes difference = smooth(differences(coarse, fit.light));
    keep_objects(LightMeter(difference, fit, evidence.noise), missed);

    const Plane inside = smallest_within(coarse_share, 1);
    Cells cells;
    for (std::size_t i = 0; i < missed.count(); ++i) {
        if (missed[i] != 0 && inside[i] >= 0.5F) {
            for_each_part(missed.place(i), copy.size(),
                          [&](Point p) { cells.push_back(object_share.index(p.x, p.y)); });
        }
    }
    return cells;
}

Plane solve_coarse_to_fine(const Image& picture, const WorkCopy& copy, const KnownCells& known,
                           int threads, Evidence& evidence) {
    Plane object_share = solve(evidence.field);
    if (!is_noisy(evidence.noise) || is_small(copy.size())) {
        return object_share;
    }
    const Cells cells = find_objects_in_noise(picture, copy, object_share, known, threads);
    if (cells.empty()) {
        return object_share;
    }
    for (const std::size_t i : cells) {
        evidence.field.object[i] = 1;
    }
    return solve(evidence.field);
}

}  // namespace editprep::imaging
