#include "backdrop/regions.hpp"

#include <cstddef>

#include "backdrop/outline_verdicts.hpp"
#include "backdrop/prints.hpp"
#include "backdrop/region_look.hpp"
#include "backdrop/region_map.hpp"
#include "backdrop/region_outlines.hpp"
#include "backdrop/region_parting.hpp"
#include "backdrop/region_rules.hpp"
#include "backdrop/watershed.hpp"

namespace editprep::imaging {
namespace {

class Judge {
public:
    Judge(const RegionClues& clues, const LightMeter& meter)
        : clues_(clues),
          meter_(meter),
          map_(find_regions(clues.ties, meter)),
          outlined_(part_objects_behind_gaps(clues, meter, map_)),
          nearest_(find_nearest(map_.owner)) {}

    [[nodiscard]] Grid<Verdict> run(const KnownCells& known) {
        judge_by_rules();
        judge_prints(known);
        overrule(known);
        const Grid<int> basin = flood_to_crests(map_.owner, clues_.smooth);
        return verdicts_of_cells({map_.owner, nearest_.owner, basin}, verdicts_);
    }

private:
    void judge_by_rules() {
        constexpr int kFewCells = 12;
        const RegionOutlines outlines(nearest_, clues_);
        const std::vector<Surround> surrounds = outlines.surrounds(map_.regions);
        verdicts_.assign(map_.regions.size(), Verdict::unknown);
        may_be_paper_.assign(map_.regions.size(), false);
        for (std::size_t k = 0; k < map_.regions.size(); ++k) {
            const RegionTally& region = map_.regions[k];
            if (region.is_open()) {
                verdicts_[k] = Verdict::open;
            } else if (region.cells >= kFewCells) {
                const OpenSide side = outlines.open_side(surrounds[k]);
                const RegionLook look = meter_.look_at(region);
                verdicts_[k] = judge(look, region.cells, side);
                may_be_paper_[k] = verdicts_[k] == Verdict::hole && may_be_paper(look, side);
            }
        }
        for (const std::size_t k : outlined_) {
            verdicts_[k] = map_.regions[k].is_open() ? Verdict::open : Verdict::object;
            may_be_paper_[k] = false;
        }
    }

    [[nodiscard]] static Verdict judge(const RegionLook& look, int cells, const OpenSide& side) {
        if (is_backdrop(look, cells, side)) {
            return Verdict::hole;
        }
        return is_pane(look, cells, side) ? Verdict::pane : Verdict::object;
    }

    /// What has lettering on it is paper, a screen or a dial, and the insides of letters are no
    /// holes either; unless somebody knows better.
    void judge_prints(const KnownCells& known) {
        for (const Print& print :
             find_prints(ground(), clues_.smooth, clues_.fit.light, clues_.ties)) {
            if (map_.owner.has_any(known.backdrop, print)) {
                continue;
            }
            for (const std::size_t i : print) {
                if (map_.owner[i] != kNoRegion) {
                    verdict_of(map_.owner[i]) = Verdict::print;
                }
            }
        }
    }

    [[nodiscard]] Grid<Ground> ground() const {
        Grid<Ground> ground(map_.owner.size());
        for (std::size_t i = 0; i < ground.count(); ++i) {
            const int region = map_.owner[i];
            ground[i] = region == kNoRegion ? ground_of_outline(i)
                                            : ground_of(static_cast<std::size_t>(region), i);
        }
        return ground;
    }

    [[nodiscard]] Ground ground_of_outline(std::size_t cell) const {
        constexpr float kAlikeUnits = 6;
        const float units = clues_.noise.smooth.units(clues_.smooth[cell], clues_.fit.doubt[cell]);
        return units < kAlikeUnits ? Ground::alike : Ground::different;
    }

    [[nodiscard]] Ground ground_of(std::size_t region, std::size_t cell) const {
        switch (verdicts_[region]) {
            case Verdict::open:
                return Ground::open;
            case Verdict::hole:
                return may_be_paper_[region] ? Ground::alike : ground_of_outline(cell);
            case Verdict::unknown:
                return ground_of_outline(cell);
            default:
                return Ground::different;
        }
    }

    /// Somebody knows better.
    void overrule(const KnownCells& known) {
        for (const Point p : known.object) {
            overrule_at(p, Verdict::object);
        }
        for (const Point p : known.backdrop) {
            overrule_at(p, Verdict::told_backdrop);
        }
    }

    /// The open backdrop stays what it is: an object may leak into it.
    void overrule_at(Point p, Verdict verdict) {
        const int region = map_.owner.at(p.x, p.y);
        if (region != kNoRegion && verdict_of(region) != Verdict::open) {
            verdict_of(region) = verdict;
        }
    }

    [[nodiscard]] Verdict& verdict_of(int region) {
        return verdicts_[static_cast<std::size_t>(region)];
    }

    const RegionClues& clues_;
    const LightMeter& meter_;
    RegionMap map_;
    /// Regions of which their outlines have shown that they are an object's.
    std::vector<std::size_t> outlined_;
    NearestRegions nearest_;
    std::vector<Verdict> verdicts_;
    /// Holes that need not be any.
    std::vector<bool> may_be_paper_;
};

}  // namespace

Grid<Verdict> judge_regions(const RegionClues& clues, const KnownCells& known) {
    const LightMeter meter(clues.smooth, clues.fit, clues.noise);
    return Judge(clues, meter).run(known);
}

}  // namespace editprep::imaging
