#include "backdrop/confidence.hpp"

#include <algorithm>

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {
namespace {

/// 0 at or below `low`, 1 at or above `high`, a straight line between.
double ramp(double value, double low, double high) {
    return std::clamp((value - low) / (high - low), 0.0, 1.0);
}

struct Tally {
    /// Cells of the object.
    double object = 0;
    /// Cells amid others of which it is open whose they are, counted by how open it is. (The
    /// outline alone always is.)
    double undecided = 0;
    /// Cells of the backdrop that no region of backdrop explains.
    double unexplained = 0;
    double cells = 0;
};

Tally count(const Evidence& evidence, const Plane& object_share) {
    // A wide backdrop is a little open everywhere, which would outweigh a small object.
    constexpr float kOpen = 0.2F;
    Plane open(object_share.size());
    for (std::size_t i = 0; i < open.count(); ++i) {
        open[i] = 4 * object_share[i] * (1 - object_share[i]);
    }
    const Plane amid = smallest_within(open, 1);
    Tally tally;
    for (std::size_t i = 0; i < object_share.count(); ++i) {
        const double share = object_share[i];
        const Verdict verdict = evidence.verdict[i];
        tally.object += share >= 0.5 ? 1 : 0;
        tally.undecided += amid[i] >= kOpen ? amid[i] : 0;
        tally.unexplained +=
            share < 0.5 && (verdict == Verdict::unknown || is_of_object(verdict)) ? 1 : 0;
    }
    tally.cells = static_cast<double>(object_share.count());
    return tally;
}

}  // namespace

Judgement judge_selection(const LightFit& fit, const Evidence& evidence,
                          const Plane& object_share) {
    constexpr double kFewCells = 4;
    constexpr double kDoubtBelow = 0.5;
    const Tally tally = count(evidence, object_share);
    if (tally.object < kFewCells) {
        return {0, {SelectionDoubt::nothing_found}};
    }
    const double sides = *std::max_element(fit.side_share.begin(), fit.side_share.end());
    // An object hardly covers all sides of a picture without covering its corners.
    const double framed =
        fit.corners == 0 ? 0 : ramp(fit.border_share, 0.1, 0.5) * ramp(sides, 0.2, 0.7);
    const double clean = (1 - ramp(evidence.noise.smooth.luma, 6, 16)) *
                         (1 - ramp(tally.unexplained / tally.cells, 0.05, 0.3));
    const double clear = 1 - ramp(tally.undecided / (tally.object + tally.undecided), 0.05, 0.35);
    Judgement judgement{framed * clean * clear, {}};
    if (framed < kDoubtBelow) {
        judgement.doubts.push_back(SelectionDoubt::touches_all_sides);
    }
    if (clean < kDoubtBelow) {
        judgement.doubts.push_back(SelectionDoubt::backdrop_not_clean);
    }
    if (clear < kDoubtBelow) {
        judgement.doubts.push_back(SelectionDoubt::low_contrast);
    }
    return judgement;
}

}  // namespace editprep::imaging
