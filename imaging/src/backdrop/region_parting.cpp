#include "backdrop/region_parting.hpp"

#include <utility>

#include "backdrop/pockets.hpp"
#include "backdrop/region_outlines.hpp"
#include "backdrop/region_rules.hpp"
#include "backdrop/watershed.hpp"

namespace editprep::imaging {
namespace {

/// A pocket of which its colours do not tell whether it is an object's.
struct Doubtful {
    Pocket pocket;
    RegionTally tally;
};

class Parting {
public:
    Parting(const RegionClues& clues, const LightMeter& meter, RegionMap& map)
        : clues_(clues), meter_(meter), map_(map) {}

    /// Narrow gaps first: they leave most of an object behind.
    [[nodiscard]] std::vector<std::size_t> run() {
        for (const int reach : {kNarrowest, 4, 8, 16}) {
            part_pockets(reach);
        }
        return std::move(outlined_);
    }

private:
    /// Behind the narrowest gaps are strips of shadow, too, as dark as an object.
    static constexpr int kNarrowest = 2;

    void part_pockets(int reach) {
        std::vector<Doubtful> doubtful;
        for (Pocket& pocket : find_pockets(map_.open_cells(), meter_.border(), reach)) {
            if (!is_mostly_outlined(pocket)) {
                continue;
            }
            const RegionTally tally = meter_.tally(pocket.cells);
            const RegionLook look = meter_.look_at(tally);
            if (reach > kNarrowest && is_of_other_color(look)) {
                map_.part(pocket.cells, tally);
            } else if (is_shaded(pocket, look)) {
                doubtful.push_back({std::move(pocket), tally});
            }
        }
        part_set_off(doubtful);
    }

    void part_set_off(const std::vector<Doubtful>& pockets) {
        if (pockets.empty()) {
            return;
        }
        const std::vector<bool> set_off = are_set_off(pockets);
        for (std::size_t k = 0; k < pockets.size(); ++k) {
            if (set_off[k]) {
                outlined_.push_back(map_.regions.size());
                map_.part(pockets[k].pocket.cells, pockets[k].tally);
            }
        }
    }

    /// Parts all of them in a copy to see what lies across their outlines.
    [[nodiscard]] std::vector<bool> are_set_off(const std::vector<Doubtful>& pockets) const {
        RegionMap trial = map_;
        for (const auto& [pocket, tally] : pockets) {
            trial.part(pocket.cells, tally);
        }
        const RegionOutlines outlines(find_nearest(trial.owner), clues_);
        const std::vector<Surround> surrounds = outlines.surrounds(trial.regions);
        std::vector<bool> set_off;
        for (std::size_t k = 0; k < pockets.size(); ++k) {
            const Surround& surround = surrounds[map_.regions.size() + k];
            set_off.push_back(is_set_off(pockets[k].pocket, meter_.look_at(pockets[k].tally),
                                         surround, outlines.open_side(surround)));
        }
        return set_off;
    }

    const RegionClues& clues_;
    const LightMeter& meter_;
    RegionMap& map_;
    std::vector<std::size_t> outlined_;
};

}  // namespace

std::vector<std::size_t> part_objects_behind_gaps(const RegionClues& clues, const LightMeter& meter,
                                                  RegionMap& map) {
    return Parting(clues, meter, map).run();
}

}  // namespace editprep::imaging
