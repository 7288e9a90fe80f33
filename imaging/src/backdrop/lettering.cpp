#include "backdrop/lettering.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

class LetteringSearch {
public:
    LetteringSearch(const Grid<std::uint8_t>& stretch, const OpponentPlanes& smooth,
                    const LightMeter& meter)
        : stretch_(stretch),
          smooth_(smooth),
          meter_(meter),
          met_(stretch),
          beside_of_(stretch.size()) {}

    [[nodiscard]] CellVector<std::size_t> run() {
        CellVector<std::size_t> lettering;
        for (std::size_t i = 0; i < met_.count(); ++i) {
            if (met_[i] == 0) {
                gather_from(i);
                if (is_lettering()) {
                    lettering.insert(lettering.end(), island_.begin(), island_.end());
                }
            }
        }
        return lettering;
    }

private:
    /// The island with that cell, and the cells of the stretch around it.
    void gather_from(std::size_t start) {
        ++islands_;
        island_.assign(1, start);
        beside_.clear();
        met_[start] = 1;
        met_.flood(island_, [&](std::size_t, std::size_t j) {
            if (stretch_[j] != 0 && beside_of_[j] != islands_) {
                beside_of_[j] = islands_;
                beside_.push_back(j);
            }
            const bool joins = met_[j] == 0;
            met_[j] = 1;
            return joins;
        });
    }

    [[nodiscard]] bool is_lettering() const {
        constexpr std::size_t kFewBeside = 8;
        constexpr float kOtherUnits = 4;
        constexpr double kOneTone = 0.2;
        constexpr std::ptrdiff_t kLeastInk = 8;
        if (beside_.size() < kFewBeside) {
            return false;
        }
        const RegionTally ground = meter_.tally(beside_);
        const RegionLook look = meter_.look_at(ground);
        return look.units > kOtherUnits && look.varied < kOneTone &&
               inked_cells(island_, ground.mean(), smooth_) >= kLeastInk;
    }

    const Grid<std::uint8_t>& stretch_;
    const OpponentPlanes& smooth_;
    const LightMeter& meter_;
    /// 1 in the stretch, and in the islands that were looked at.
    Grid<std::uint8_t> met_;
    /// The last island that each cell was met beside, counted from 1.
    Grid<std::uint32_t> beside_of_;
    std::uint32_t islands_ = 0;
    CellVector<std::size_t> island_;
    CellVector<std::size_t> beside_;
};

}  // namespace

std::ptrdiff_t inked_cells(const CellVector<std::size_t>& cells, const Opponent& ground,
                           const OpponentPlanes& smooth) {
    constexpr float kContrast = 45;
    return std::count_if(cells.begin(), cells.end(), [&](std::size_t i) {
        Opponent ink = smooth[i] - ground;
        ink.luma = std::min(0.0F, ink.luma);
        return ink.length() > kContrast;
    });
}

CellVector<std::size_t> find_lettering(const Grid<std::uint8_t>& stretch,
                                       const OpponentPlanes& smooth, const LightMeter& meter) {
    return LetteringSearch(stretch, smooth, meter).run();
}

}  // namespace editprep::imaging
