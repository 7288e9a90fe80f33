#include "backdrop/plateaus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "backdrop/region_look.hpp"

namespace editprep::imaging {
namespace {

/// In levels from cell to cell.
constexpr float kGentle = 0.75F;

struct Step {
    int right = 0;
    int down = 0;
};

class PlateauSearch {
public:
    PlateauSearch(const Grid<std::uint8_t>& stretch, const RegionClues& clues)
        : stretch_(stretch), clues_(clues), luma_(clues.smooth.luma), waiting_(stretch.size()) {}

    [[nodiscard]] std::vector<Pocket> run() {
        constexpr std::size_t kFewCells = 300;
        for (std::size_t i = 0; i < waiting_.count(); ++i) {
            waiting_[i] = stretch_[i] != 0 && differs(i) && is_flat(luma_.place(i)) ? 1 : 0;
        }
        std::vector<Pocket> plateaus;
        for (std::size_t i = 0; i < waiting_.count(); ++i) {
            if (waiting_[i] != 0) {
                Pocket plateau;
                plateau.cells = gather_from(i);
                if (plateau.cells.size() >= kFewCells) {
                    measure(plateau);
                    plateaus.push_back(std::move(plateau));
                }
            }
        }
        return plateaus;
    }

private:
    [[nodiscard]] bool differs(std::size_t cell) const {
        constexpr float kOtherUnits = 8;
        const Spread& noise = clues_.noise.smooth;
        // Most cells are the light's, and not even the least noise would make them differ.
        if (clues_.smooth[cell].length() < kOtherUnits * std::min(noise.luma, noise.chroma)) {
            return false;
        }
        return noise.units(clues_.smooth[cell], clues_.fit.doubt[cell]) > kOtherUnits;
    }

    /// Towards one side at least, in each direction: at an outline the other one is steep.
    [[nodiscard]] bool is_flat(Point p) const {
        return is_flat_along(p, {1, 0}) && is_flat_along(p, {0, 1});
    }

    [[nodiscard]] bool is_flat_along(Point p, Step step) const {
        constexpr int kReach = 3;
        bool is_seen = false;
        for (const int side : {-kReach, kReach}) {
            const std::optional<std::size_t> far = beside(p, step, side);
            if (far && stretch_[*far] != 0) {
                if (std::abs(luma_[*far] - luma_.at(p.x, p.y)) < kReach * kGentle) {
                    return true;
                }
                is_seen = true;
            }
        }
        return !is_seen;
    }

    /// The cell so many steps away, if there is one.
    [[nodiscard]] std::optional<std::size_t> beside(Point p, Step step, int steps) const {
        const int x = p.x + steps * step.right;
        const int y = p.y + steps * step.down;
        if (x < 0 || y < 0 || x >= luma_.width() || y >= luma_.height()) {
            return std::nullopt;
        }
        return luma_.index(x, y);
    }

    [[nodiscard]] CellVector<std::size_t> gather_from(std::size_t start) {
        constexpr float kMostStep = 2 * kGentle;
        CellVector<std::size_t> cells{start};
        waiting_[start] = 0;
        waiting_.flood(cells, [&](std::size_t i, std::size_t j) {
            const bool joins = waiting_[j] != 0 && std::abs(luma_[i] - luma_[j]) < kMostStep;
            waiting_[j] = joins ? 0 : waiting_[j];
            return joins;
        });
        return cells;
    }

    void measure(Pocket& plateau) const {
        constexpr std::array<Step, 4> kSides{Step{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        Grid<std::uint8_t> within(luma_.size());
        for (const std::size_t i : plateau.cells) {
            within[i] = 1;
        }
        const float tone = mean_of(clues_.smooth, plateau.cells).length();
        for (const std::size_t i : plateau.cells) {
            const Point p = within.place(i);
            for (const Step side : kSides) {
                const std::optional<std::size_t> next = beside(p, side, 1);
                if (next && within[*next] == 0) {
                    ++(is_light_beyond(p, side, tone) ? plateau.outline : plateau.gap);
                }
            }
        }
    }

    /// Whether the light, or nearly, lies a few cells away.
    [[nodiscard]] bool is_light_beyond(Point p, Step side, float tone) const {
        constexpr int kNearest = 3;
        constexpr int kFarthest = 12;
        constexpr float kNearly = 0.35F;
        for (int k = kNearest; k <= kFarthest; ++k) {
            const std::optional<std::size_t> cell = beside(p, side, k);
            if (cell && stretch_[*cell] != 0 && clues_.smooth[*cell].length() < kNearly * tone) {
                return true;
            }
        }
        return false;
    }

    const Grid<std::uint8_t>& stretch_;
    const RegionClues& clues_;
    const Plane& luma_;
    /// 1 in flat cells that are of no plateau yet.
    Grid<std::uint8_t> waiting_;
};

}  // namespace

std::vector<Pocket> find_plateaus(const Grid<std::uint8_t>& stretch, const RegionClues& clues) {
    return PlateauSearch(stretch, clues).run();
}

}  // namespace editprep::imaging
