#include "backdrop/narrow_gaps.hpp"

#include <cstddef>
#include <cstdint>

#include "backdrop/gap_sides.hpp"

namespace editprep::imaging {
namespace {

class NarrowGaps {
public:
    NarrowGaps(const GapClues& clues, CellLabels& labels)
        : clues_(clues), labels_(labels), sides_(clues, labels), is_gap_(labels.size()) {}

    void reopen() {
        CellVector<std::size_t> gap = mouths();
        is_gap_.flood(gap, [&](std::size_t, std::size_t j) {
            const bool joins = is_gap_[j] == 0 && sides_.goes_on(j);
            is_gap_[j] = joins ? 1 : is_gap_[j];
            return joins;
        });
        if (!gap.empty()) {
            open_with_sides(clues_, is_gap_, labels_);
        }
    }

private:
    /// Cells of the outline from which gaps may lead on: they look like the backdrop, and hang
    /// together with it, as no gloss within an object does.
    [[nodiscard]] CellVector<std::size_t> mouths() {
        constexpr float kAlikeUnits = 6;
        constexpr float kAlikeShare = 0.25F;
        Grid<std::uint8_t> is_met(labels_.size());
        CellVector<std::size_t> reached;
        for (std::size_t i = 0; i < labels_.count(); ++i) {
            if (labels_[i] == Label::backdrop) {
                is_met[i] = 1;
                reached.push_back(i);
            }
        }
        is_met.flood(reached, [&](std::size_t, std::size_t j) {
            const bool joins = is_met[j] == 0 && labels_[j] == Label::undecided &&
                               sides_.distance(j) <= kAlikeUnits;
            is_met[j] = joins ? 1 : is_met[j];
            return joins;
        });
        CellVector<std::size_t> cells;
        for (const std::size_t i : reached) {
            if (labels_[i] == Label::undecided && sides_.least_share(i) <= kAlikeShare) {
                is_gap_[i] = 1;
                cells.push_back(i);
            }
        }
        return cells;
    }

    const GapClues& clues_;
    CellLabels& labels_;
    GapSides sides_;
    Grid<std::uint8_t> is_gap_;
};

}  // namespace

void reopen_narrow_gaps(const GapClues& clues, CellLabels& labels) {
    NarrowGaps(clues, labels).reopen();
}

}  // namespace editprep::imaging
