#include "backdrop/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "backdrop/cell_ties.hpp"
#include "backdrop/light_difference.hpp"
#include "backdrop/row_sweep.hpp"
#include "backdrop/strangeness.hpp"

namespace editprep::imaging {
namespace {

/// Steps of so many times the usual one are edges.
constexpr float kEdgeInSteps = 3;

/// Speaks for the object where nothing else does, so that what an outline encloses belongs to it.
constexpr float kNeutral = 1e-4F;
/// Of a region whose verdict is clear.
constexpr float kClear = 0.03F;
/// Of a cell that equals the light.
constexpr float kEqual = 0.05F;

/// The squared difference between the brightest and the darkest of the cells around one in its row
/// or column.
float contrast_energy(const Plane& luma, std::size_t cell, bool along_row) {
    constexpr int kReach = 3;
    const int x = static_cast<int>(cell % static_cast<std::size_t>(luma.width()));
    const int y = static_cast<int>(cell / static_cast<std::size_t>(luma.width()));
    float most = luma[cell];
    float least = most;
    for (int k = -kReach; k <= kReach; ++k) {
        const float near = along_row ? luma.at(std::clamp(x + k, 0, luma.width() - 1), y)
                                     : luma.at(x, std::clamp(y + k, 0, luma.height() - 1));
        most = std::max(most, near);
        least = std::min(least, near);
    }
    return squared(most - least);
}

/// 1 where the picture is blurred as only shadows are; 0 where it has an edge, or noise hides it.
float blur_at(std::size_t cell, const Plane& luma, const EdgeProfile& profile, float noise) {
    constexpr float kLeastContrast = 8;
    constexpr float kNoiseShare = 0.15F;
    constexpr float kBlurred = 0.07F;
    constexpr float kSharp = 0.14F;
    // Beyond roundings.
    constexpr float kSurelySharp = 1.01F * kSharp;
    float steepest = 0;
    for (const bool along_row : {true, false}) {
        const float contrast =
            std::max(squared(kLeastContrast), contrast_energy(luma, cell, along_row));
        if (noise < kNoiseShare * contrast) {
            const float energy = profile.energy(cell, along_row, noise + kSurelySharp * contrast);
            steepest = std::max(steepest, (energy - noise) / contrast);
        }
        if (steepest >= kSharp) {
            return 0;
        }
    }
    return steepest == 0 ? 0 : std::clamp((kSharp - steepest) / (kSharp - kBlurred), 0.0F, 1.0F);
}

/// Whether neither a region nor the object's side of an outline speaks for a cell.
bool is_unclaimed(Verdict verdict) {
    return verdict == Verdict::unknown || verdict == Verdict::outer_edge ||
           verdict == Verdict::backdrop_side;
}

/// Whether a cell could be part of a shadow that is too narrow to make a region.
bool may_be_narrow_shadow(const Strangeness& s) {
    constexpr float kDark = 0.15F;
    constexpr float kDifferentUnits = 4;
    constexpr float kShadowUnits = 3;
    return s.depth > kDark && s.of_light > kDifferentUnits && s.of_shadow < kShadowUnits;
}

/// Whether a cell looks enough like the backdrop for it to matter why.
bool may_be_passage(const Strangeness& s) {
    constexpr float kAlikeUnits = 4;
    return s.of_shade < kAlikeUnits;
}

/// Whether something brighter than the light lies on one side of a cell and something about as much
/// darker on the other: from gloss to shade one passes the backdrop's very colour.
bool is_passage(std::size_t cell, const Plane& luma, float noise) {
    constexpr int kReach = 4;
    constexpr float kUnits = 5;
    // Sharpening brightens the backdrop beside a dark edge, too, but less.
    constexpr float kBalance = 0.3F;
    const Point p = luma.place(cell);
    for (const auto& [right, down] : {std::pair{1, 0}, {0, 1}, {1, 1}, {1, -1}}) {
        std::array<float, 2> above{};
        std::array<float, 2> below{};
        for (int k = -kReach; k <= kReach; ++k) {
            const int x = p.x + k * right;
            const int y = p.y + k * down;
            if (x >= 0 && y >= 0 && x < luma.width() && y < luma.height()) {
                const std::size_t side = k < 0 ? 0 : 1;
                above[side] = std::max(above[side], luma.at(x, y));
                below[side] = std::max(below[side], -luma.at(x, y));
            }
        }
        for (const auto& [up, off] :
             {std::pair{above[0], below[1]}, std::pair{above[1], below[0]}}) {
            if (std::min(up, off) > std::max(kUnits * noise, kBalance * std::max(up, off))) {
                return true;
            }
        }
    }
    return false;
}

/// How strongly a cell that is so far from the backdrop speaks for it.
float likeness(float units) {
    constexpr float kSquaredReach = 5;
    return kEqual * std::exp(-squared(units) / kSquaredReach);
}

/// A cell's own opinion: what it speaks for the object, and for the backdrop.
struct Opinion {
    float object = 0;
    float backdrop = 0;
};

/// What is seen of a cell where it pays to look closer.
struct Finding {
    /// 1 where the picture shows a narrow shadow to be one.
    float blurred = 0;
    /// It has the backdrop's colour by the way from gloss to shade.
    bool is_passage = false;
};

/// @param sharpness of the cell's surroundings
Opinion opinion(const Strangeness& s, Verdict verdict, float sharpness, const Finding& finding) {
    constexpr float kStrangeUnits = 5;
    constexpr float kDifferentUnits = 4;
    constexpr float kSoft = 0.18F;
    constexpr float kSharp = 0.28F;
    constexpr float kBySharpness = 0.015F;
    constexpr float kByDifference = 0.002F;
    constexpr float kOutside = 0.6F;
    constexpr float kByBlur = 0.3F;
    constexpr float kByPassage = 0.02F;
    // What remains of an opinion where the outlines say otherwise.
    constexpr float kInOpen = 0.05F;
    constexpr float kOverruled = 0.1F;
    const float strange = kEqual * squared(squared(s.of_shadow / kStrangeUnits));
    const float different = squared(std::min(1.0F, s.of_light / kDifferentUnits));
    const float like = likeness(s.of_shade);
    switch (verdict) {
        case Verdict::open:
            return {kNeutral * (1 + different) + kInOpen * strange, like};
        case Verdict::object:
        case Verdict::pane:
        case Verdict::print:
            return {kNeutral + kClear + strange, 0};
        case Verdict::hole:
            return {kNeutral + kOverruled * strange, kClear};
        case Verdict::told_backdrop:
            return {kNeutral, kClear};
        case Verdict::object_side:
            return {kNeutral + kOverruled * kClear + strange, kOverruled * like};
        case Verdict::inner_edge:
            return {kNeutral + kBySharpness * different + strange, 0};
        case Verdict::backdrop_side:
        case Verdict::outer_edge:
        case Verdict::unknown:
            break;
    }
    // Thin parts are outlines from side to side. A shadow may be as dark, but not as sharp.
    const float certainty = verdict == Verdict::backdrop_side ? kOutside : 1;
    const float sharp = (1 - finding.blurred) * certainty *
                        std::clamp((sharpness - kSoft) / (kSharp - kSoft), 0.0F, 1.0F);
    const float strict = likeness(s.of_slight_shade);
    const float backdrop =
        std::max(like + sharp * (strict - like), kByBlur * finding.blurred * likeness(s.of_shadow));
    return {kNeutral + (kByDifference + kBySharpness * sharp) * different + strange,
            finding.is_passage ? kByPassage * backdrop : backdrop};
}

void hear_border(const LightFit& fit, WalkerField& field) {
    for (int y = 0; y < field.backdrop.height(); ++y) {
        for (int x = 0; x < field.backdrop.width(); ++x) {
            if (fit.is_border(x, y)) {
                field.backdrop.at(x, y) += 1;
            }
        }
    }
}

void hear_known(const KnownCells& known, WalkerField& field) {
    constexpr float kBeyondDoubt = 100;
    for (const Point p : known.object) {
        field.object.at(p.x, p.y) = kBeyondDoubt;
        field.backdrop.at(p.x, p.y) = 0;
    }
    for (const Point p : known.backdrop) {
        field.object.at(p.x, p.y) = kNeutral;
        field.backdrop.at(p.x, p.y) = kBeyondDoubt;
    }
}

/// What all cells are judged by.
struct Surroundings {
    const WorkCopy& copy;
    const LightFit& fit;
    const OpponentPlanes& calm;
    const Plane& sharpness;
    const EdgeProfile& profile;
};

CellRow row_of_cells(int y, const Surroundings& around) {
    const auto rows_of = [y](const Planes& planes) {
        return std::array{planes[0].row(y), planes[1].row(y), planes[2].row(y)};
    };
    const OpponentPlanes& calm = around.calm;
    return {static_cast<std::size_t>(around.copy.size().width),
            {calm.luma.row(y), calm.red_blue.row(y), calm.green.row(y)},
            rows_of(around.copy.mean),
            rows_of(around.fit.light),
            around.fit.doubt.row(y)};
}

/// At the picture's pixels or the cells around, where what they show would count.
Finding look_closer(std::size_t cell, const Strangeness& s, Verdict verdict,
                    const Surroundings& around, const CellNoise& noise) {
    Finding finding;
    if (!is_unclaimed(verdict)) {
        return finding;
    }
    if (may_be_narrow_shadow(s)) {
        finding.blurred = blur_at(cell, around.calm.luma, around.profile, noise.profile);
    }
    finding.is_passage = may_be_passage(s) && is_passage(cell, around.calm.luma, noise.smooth.luma);
    return finding;
}

/// What the cells of row y say for themselves; `row` is room for what is known of them.
void hear_row(int y, const Surroundings& around, StrangenessRow& row, Evidence& evidence) {
    const CellRow cells = row_of_cells(y, around);
    measure_strangeness(cells, evidence.noise, row);
    const std::size_t first = evidence.verdict.index(0, y);
    for (std::size_t x = 0; x < cells.count; ++x) {
        const std::size_t i = first + x;
        const Strangeness s = row[x];
        const Verdict verdict = evidence.verdict[i];
        const Finding finding = look_closer(i, s, verdict, around, evidence.noise);
        const Opinion own = opinion(s, verdict, around.sharpness[i], finding);
        evidence.field.object[i] = std::min(1.0F, own.object);
        evidence.field.backdrop[i] = own.backdrop;
    }
}

}  // namespace

Evidence weigh_evidence(const Image& picture, const WorkCopy& copy, const LightFit& fit,
                        const KnownCells& known, int threads) {
    OpponentPlanes raw = differences(copy, fit.light);
    const OpponentPlanes calm = smooth(raw);
    const EdgeProfile profile(picture, copy);
    const CellNoise noise = measure_noise(picture, copy, fit, profile, raw, calm);
    raw = {};  // Made anew cell by cell: memory that lies around costs more.
    Evidence evidence{WalkerField(copy.size()), noise, {}};
    const CellSteps steps(calm);
    WalkerField& field = evidence.field;
    steps.tie(kEdgeInSteps * evidence.noise.step, field);
    evidence.verdict = judge_regions({calm, field, fit, evidence.noise, profile}, known);

    const Plane sharpness = steps.sharpness();
    const Surroundings around{copy, fit, calm, sharpness, profile};
    std::vector<StrangenessRow> room(static_cast<std::size_t>(threads),
                                     StrangenessRow(static_cast<std::size_t>(calm.size().width)));
    sweep_rows(copy.size().height, 1, threads, [&](int thread, int /*stage*/, int y) {
        hear_row(y, around, room[static_cast<std::size_t>(thread)], evidence);
    });
    hear_border(fit, field);
    hear_known(known, field);
    return evidence;
}

}  // namespace editprep::imaging
