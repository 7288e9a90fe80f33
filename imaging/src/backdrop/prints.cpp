#include "backdrop/prints.hpp"

#include <algorithm>
#include <utility>

#include "backdrop/islands.hpp"
#include "backdrop/lettering.hpp"
#include "backdrop/region_look.hpp"

namespace editprep::imaging {
namespace {

class PrintSearch {
public:
    PrintSearch(const Grid<Ground>& ground, const OpponentPlanes& smooth, const Planes& light,
                const WalkerField& ties)
        : ground_(ground),
          smooth_(smooth),
          light_(light),
          ties_(ties),
          owner_(ground.size(), kNobody) {}

    [[nodiscard]] std::vector<Print> run() {
        std::vector<Print> prints;
        int number = 0;
        for (std::size_t i = 0; i < ground_.count(); ++i) {
            if (is_new(i)) {
                look_from(i, number++, prints);
            }
        }
        return prints;
    }

private:
    static constexpr int kNobody = -1;

    struct Stretch {
        CellVector<std::size_t> cells;
        bool is_open = false;
    };

    [[nodiscard]] bool is_new(std::size_t cell) const {
        return ground_[cell] == Ground::alike && owner_[cell] == kNobody;
    }

    void look_from(std::size_t start, int number, std::vector<Print>& prints) {
        Stretch stretch = stretch_from(start, number);
        if (stretch.is_open) {
            return;
        }
        const std::vector<Island> islands = find_islands(owner_, stretch.cells);
        const Opponent paper = mean_of(smooth_, stretch.cells);
        if (are_lettering(islands, paper) && !is_the_backdrop(paper, start)) {
            for (const Island& island : islands) {
                stretch.cells.insert(stretch.cells.end(), island.begin(), island.end());
            }
            prints.push_back(std::move(stretch.cells));
        }
    }

    [[nodiscard]] Stretch stretch_from(std::size_t start, int number) {
        Stretch stretch{{start}, false};
        owner_[start] = number;
        owner_.flood(stretch.cells, [&](std::size_t i, std::size_t j) {
            if (is_edge(i, j)) {
                return false;
            }
            stretch.is_open = stretch.is_open || ground_[j] == Ground::open;
            const bool joins = is_new(j);
            owner_[j] = joins ? number : owner_[j];
            return joins;
        });
        return stretch;
    }

    [[nodiscard]] bool is_edge(std::size_t i, std::size_t j) const {
        constexpr float kEdge = 0.5F;
        const auto [first, second] = std::minmax(i, j);
        return (second - first == 1 ? ties_.to_right : ties_.to_below)[first] < kEdge;
    }

    /// More than specks. One or two pieces may hang in a hole by strings, as a hub does between
    /// spokes; then faint parts of these are seen.
    [[nodiscard]] bool are_lettering(const std::vector<Island>& islands,
                                     const Opponent& paper) const {
        constexpr std::ptrdiff_t kFewCells = 20;
        constexpr int kFewStrings = 8;
        constexpr int kMostHubs = 2;
        std::ptrdiff_t inked = 0;
        int inked_islands = 0;
        int faint_islands = 0;
        for (const Island& island : islands) {
            const std::ptrdiff_t cells = inked_cells(island, paper, smooth_);
            inked += cells;
            (cells > 0 ? inked_islands : faint_islands) += 1;
        }
        return inked >= kFewCells && (faint_islands < kFewStrings || inked_islands > kMostHubs);
    }

    /// Paper comes so close to the backdrop's colour only where both are blown out.
    [[nodiscard]] bool is_the_backdrop(const Opponent& paper, std::size_t cell) const {
        constexpr float kSame = 0.6F;
        constexpr float kBlownOut = 235;
        const Rgb light = color_at(light_, cell);
        return paper.length() < kSame && *std::min_element(light.begin(), light.end()) < kBlownOut;
    }

    const Grid<Ground>& ground_;
    const OpponentPlanes& smooth_;
    const Planes& light_;
    const WalkerField& ties_;
    /// The number of the stretch that each cell is part of.
    Grid<int> owner_;
};

}  // namespace

std::vector<Print> find_prints(const Grid<Ground>& ground, const OpponentPlanes& smooth,
                               const Planes& light, const WalkerField& ties) {
    return PrintSearch(ground, smooth, light, ties).run();
}

}  // namespace editprep::imaging
