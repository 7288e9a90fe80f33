#include "backdrop/region_parting.hpp"

#include <utility>

#include "backdrop/edge_cells.hpp"
#include "backdrop/lettering.hpp"
#include "backdrop/plateaus.hpp"
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

    /// Narrow gaps first: they leave most of an object behind. Gaps may be the widest where
    /// outlines are followed to where they are faint: these are long and leave little open.
    [[nodiscard]] std::vector<std::size_t> run() {
        const CellVector<std::size_t> lettering = find_lettering_in_stretch();
        for (const int reach : {kNarrowest, 4, 8, 16}) {
            part_pockets(reach);
            part_lettered_pockets(lettering, reach);
        }
        faint_ = near_faint_edges(clues_.ties, cells_of_outlines());
        part_pockets(kWidest);
        part_lettered_pockets(find_lettering_in_stretch(), kWidest);
        part_plateaus();
        return std::move(outlined_);
    }

private:
    static constexpr int kNarrowest = 2;
    static constexpr int kWidest = 32;

    /// Behind the narrowest gaps are strips of shadow, too, as dark as an object. And what only
    /// faint edges enclose may differ because the light is off there, which has such edges itself.
    [[nodiscard]] bool may_tell_by_color(int reach) const {
        return reach > kNarrowest && faint_.empty();
    }

    /// 1 in cells that are part of no region.
    [[nodiscard]] Grid<std::uint8_t> cells_of_outlines() const {
        Grid<std::uint8_t> outline(map_.owner.size());
        for (std::size_t i = 0; i < outline.count(); ++i) {
            outline[i] = map_.owner[i] == kNoRegion ? 1 : 0;
        }
        return outline;
    }

    /// 1 in the open cells, but for those near faint edges once these are asked for.
    [[nodiscard]] Grid<std::uint8_t> stretch() const {
        Grid<std::uint8_t> open = map_.open_cells();
        for (std::size_t i = 0; i < faint_.count(); ++i) {
            open[i] &= faint_[i] ^ 1U;
        }
        return open;
    }

    void part_pockets(int reach) {
        part_objects(find_pockets(stretch(), meter_.border(), reach), reach);
    }

    [[nodiscard]] CellVector<std::size_t> find_lettering_in_stretch() const {
        return find_lettering(stretch(), clues_.smooth, meter_);
    }

    /// Lettering divides what it stands on into parts that are narrower than a gap.
    void part_lettered_pockets(const CellVector<std::size_t>& lettering, int reach) {
        if (lettering.empty()) {
            return;
        }
        const Grid<std::uint8_t> parts = stretch();
        Grid<std::uint8_t> whole = parts;
        for (const std::size_t i : lettering) {
            whole[i] = 1;
        }
        std::vector<Pocket> pockets = find_pockets(whole, meter_.border(), reach);
        for (Pocket& pocket : pockets) {
            std::erase_if(pocket.cells, [&](std::size_t i) { return parts[i] == 0; });
        }
        part_objects(std::move(pockets), reach);
    }

    /// Those of the pockets that look or end as an object does.
    void part_objects(std::vector<Pocket> pockets, int reach) {
        std::vector<Doubtful> doubtful;
        for (Pocket& pocket : pockets) {
            if (!is_mostly_outlined(pocket)) {
                continue;
            }
            const RegionTally tally = meter_.tally(pocket.cells);
            const RegionLook look = meter_.look_at(tally);
            if (may_tell_by_color(reach) && is_of_other_color(look)) {
                part(pocket, tally, map_);
            } else if (is_no_hard_shadow(pocket, look) &&
                       !is_outline_only(pocket, look, meter_.equal_share(pocket.cells))) {
                doubtful.push_back({std::move(pocket), tally});
            }
        }
        part_set_off(doubtful, is_set_off);
    }

    void part_plateaus() {
        std::vector<Doubtful> doubtful;
        for (Pocket& plateau : find_plateaus(map_.open_cells(), clues_)) {
            const RegionTally tally = meter_.tally(plateau.cells);
            if (tally.border_cells == 0 && is_partly_outlined(plateau)) {
                doubtful.push_back({std::move(plateau), tally});
            }
        }
        part_set_off(doubtful, [](const Pocket&, const RegionLook& look, const Surround&,
                                  const OpenSide& side) { return is_crisply_set_off(look, side); });
    }

    /// The faint edges beside it are part of no region any more.
    void part(const Pocket& pocket, const RegionTally& tally, RegionMap& map) const {
        constexpr int kEdgeWidth = 4;
        map.part(pocket.cells, tally);
        CellVector<std::size_t> beside = pocket.cells;
        for (int step = 0; step < kEdgeWidth && !faint_.empty(); ++step) {
            CellVector<std::size_t> farther;
            for (const std::size_t i : beside) {
                map.owner.for_each_neighbour(i, [&](std::size_t j) {
                    if (faint_[j] != 0 && map.is_open(j)) {
                        map.owner[j] = kNoRegion;
                        farther.push_back(j);
                    }
                });
            }
            beside = std::move(farther);
        }
    }

    template <typename IsSetOff>
    void part_set_off(const std::vector<Doubtful>& pockets, const IsSetOff& is_set_off) {
        if (pockets.empty()) {
            return;
        }
        const std::vector<bool> set_off = are_set_off(pockets, is_set_off);
        for (std::size_t k = 0; k < pockets.size(); ++k) {
            if (set_off[k]) {
                outlined_.push_back(map_.regions.size());
                part(pockets[k].pocket, pockets[k].tally, map_);
            }
        }
    }

    /// Parts all of them in a copy to see what lies across their outlines.
    template <typename IsSetOff>
    [[nodiscard]] std::vector<bool> are_set_off(const std::vector<Doubtful>& pockets,
                                                const IsSetOff& is_set_off) const {
        RegionMap trial = map_;
        for (const auto& [pocket, tally] : pockets) {
            part(pocket, tally, trial);
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
    /// 1 near edges, the faint ones included; empty until they are asked for.
    Grid<std::uint8_t> faint_;
    std::vector<std::size_t> outlined_;
};

}  // namespace

std::vector<std::size_t> part_objects_behind_gaps(const RegionClues& clues, const LightMeter& meter,
                                                  RegionMap& map) {
    return Parting(clues, meter, map).run();
}

}  // namespace editprep::imaging
