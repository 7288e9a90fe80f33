#include "backdrop/veil_inspection.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace editprep::imaging {
namespace {

using Sides = RimAndCore::Sides;

/// A side of fewer cells does not count.
constexpr std::size_t kFewAtSide = 6;

float grey(const Planes& planes, std::size_t i) {
    return (planes[0][i] + planes[1][i] + planes[2][i]) / 3;
}

/// Of pairs of values: y as slope * x + offset, by least squares.
struct Line {
    double slope = 0;
    double offset = 0;
    double correlation = 0;
    /// Standard deviation of x.
    double spread = 0;
};

/// Through the greys of two pictures at these cells.
Line line_through(const Planes& xs, const Planes& ys, const Body& cells) {
    const auto count = static_cast<double>(cells.size());
    double x_mean = 0;
    double y_mean = 0;
    for (const std::size_t i : cells) {
        x_mean += static_cast<double>(grey(xs, i)) / count;
        y_mean += static_cast<double>(grey(ys, i)) / count;
    }
    double xx = 1e-6;
    double xy = 0;
    double yy = 1e-6;
    for (const std::size_t i : cells) {
        const double x = static_cast<double>(grey(xs, i)) - x_mean;
        const double y = static_cast<double>(grey(ys, i)) - y_mean;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    return {xy / xx, y_mean - xy / xx * x_mean, xy / std::sqrt(xx * yy), std::sqrt(xx / count)};
}

/// Of one object or piece, whose rim differs from the backdrop in one direction: all differences
/// below are along that one, in sRGB values.
class Inspection {
public:
    Inspection(const VeilClues& clues, RimAndCore look);

    [[nodiscard]] bool is_see_through();
    [[nodiscard]] bool is_mostly_pane();
    [[nodiscard]] bool shows_most_sides() const;
    /// @param least_of_most how much less one side may fade inwards than another
    [[nodiscard]] bool stands_out_all_round(float least_of_most) const;
    [[nodiscard]] bool is_window() const;
    [[nodiscard]] bool lets_light_through() const;
    [[nodiscard]] Veil veil() const;

private:
    struct RimSide {
        /// Difference from the backdrop.
        float rim = 0;
        /// What that exceeds the difference of the core beside it by.
        float fade = 0;
    };

    [[nodiscard]] float along(std::size_t i) const { return dot(look_.difference_at(i), rim_way_); }
    [[nodiscard]] float beside(const Rgb& difference) const;
    [[nodiscard]] float share_along(const Body& cells, double share) const;
    [[nodiscard]] std::vector<float> profile() const;
    [[nodiscard]] float farthest(float sign) const;
    [[nodiscard]] bool fades_inwards();
    [[nodiscard]] float core_spread() const;
    [[nodiscard]] bool is_even() const;
    [[nodiscard]] std::vector<RimSide> rim_by_side() const;

    VeilClues clues_;
    RimAndCore look_;
    Sides rim_sides_;
    /// From the backdrop's colour towards the rim's; of length 1.
    Rgb rim_way_{};
    float core_along_ = 0;
    /// Difference from the backdrop where the rim stands out most, and what is lost from there to
    /// the core: as is_see_through or is_mostly_pane saw it, whichever was asked last, and before
    /// anything that needs it.
    float peak_ = 0;
    float fade_ = 0;
};

Inspection::Inspection(const VeilClues& clues, RimAndCore look)
    : clues_(clues), look_(std::move(look)), rim_sides_(look_.divide_by_side(look_.rim())) {
    const Rgb rim = look_.difference_of(look_.rim());
    const float step = std::max(1e-3F, length(rim));
    rim_way_ = {rim[0] / step, rim[1] / step, rim[2] / step};
    core_along_ = share_along(look_.core(), 0.5);
}

float Inspection::beside(const Rgb& difference) const {
    return std::sqrt(
        std::max(0.0F, dot(difference, difference) - squared(dot(difference, rim_way_))));
}

float Inspection::share_along(const Body& cells, double share) const {
    return RimAndCore::share_of(cells, share, [&](std::size_t i) { return along(i); });
}

/// As far as core and rim as a whole tell.
bool Inspection::is_see_through() {
    constexpr float kOpaque = 0.6F;
    constexpr float kOfOtherColor = 0.2F;
    // A mixture cannot be so far from the backdrop unless most of it is the object's colour.
    if (std::abs(core_along_) > kOpaque * farthest(core_along_ < 0 ? -1.0F : 1.0F)) {
        return false;
    }
    const float other = RimAndCore::share_of(
        look_.core(), 0.5, [&](std::size_t i) { return beside(look_.difference_at(i)); });
    return other <= kOfOtherColor * std::max(1.0F, share_along(look_.rim(), 0.5)) &&
           fades_inwards() && is_even();
}

/// As far as its outline tells, which shows thin rims. They are seen in the cells, too, or it was a
/// sharpened step; a wide one is a frame, and opaque, and what lies beyond the backdrop as seen
/// from its rim is no mixture of both.
bool Inspection::is_mostly_pane() {
    constexpr double kMostly = 0.6;
    constexpr float kHalf = 0.5F;
    constexpr float kNarrow = 0.3F;
    constexpr float kOfCore = 1.5F;
    constexpr float kLeastFade = 6;
    constexpr float kMostAgainst = 0.1F;
    const Body& core = look_.core();
    const auto panes = std::count_if(core.begin(), core.end(), [&](std::size_t i) {
        return clues_.verdict[i] == Verdict::pane;
    });
    if (static_cast<double>(panes) <= kMostly * static_cast<double>(core.size())) {
        return false;
    }
    const std::vector<float> fall = profile();
    const auto peak = std::max_element(fall.begin(), fall.end());
    peak_ = *peak;
    fade_ = peak_ - core_along_;
    if (peak_ < kOfCore * core_along_ || core_along_ < -kMostAgainst * peak_ ||
        fade_ < kLeastFade) {
        return false;
    }
    const auto end = std::find_if(peak, fall.end(),
                                  [&](float value) { return value < core_along_ + kHalf * fade_; });
    return end != fall.end() && static_cast<float>(end - fall.begin()) < kNarrow * look_.deepest();
}

/// How far from the backdrop a colour can be that way.
float Inspection::farthest(float sign) const {
    constexpr float kWhite = 256;
    const Rgb light = look_.core_light();
    float reach = 1e6F;
    for (std::size_t c = 0; c < light.size(); ++c) {
        const float step = sign * rim_way_[c];
        reach = std::min(reach, step > 0 ? (kWhite - light[c]) / std::max(1e-4F, step)
                                         : (light[c] + 1) / std::max(1e-4F, -step));
    }
    return std::max(1.0F, reach);
}

/// As e to the power of the depth does: steepest at the rim, and soon at its end.
bool Inspection::fades_inwards() {
    constexpr float kLeastFade = 6;
    constexpr float kLeastShare = 0.07F;
    constexpr float kMostShare = 1.05F;
    constexpr float kSteepest = 0.7F;
    constexpr float kAbrupt = 1.35F;
    constexpr float kHalfWay = 0.14F;
    constexpr float kAtEnd = 0.3F;
    const std::vector<float> fall = profile();
    const auto peak = std::max_element(fall.begin() + 1, fall.begin() + 4);
    peak_ = *peak;
    fade_ = peak_ - core_along_;
    if (fade_ < std::max(kLeastFade, kLeastShare * peak_) || fade_ > kMostShare * peak_) {
        return false;
    }
    const auto cells_to = [&](float share) {
        const auto at = std::find_if(
            peak, fall.end(), [&](float value) { return value - core_along_ < share * fade_; });
        return static_cast<float>(at == fall.end() ? 1000 : at - peak);
    };
    float drop = 0;
    for (auto at = peak; at + 1 != fall.end(); ++at) {
        drop = std::max(drop, (at[0] - at[1]) / fade_);
    }
    return drop < kSteepest && drop * cells_to(0.5F) < kAbrupt &&
           cells_to(0.5F) < kHalfWay * look_.deepest() &&
           cells_to(0.2F) <= kAtEnd * look_.deepest();
}

/// The median by depth, from 1 on; beyond the deepest as at the deepest.
std::vector<float> Inspection::profile() const {
    std::vector<float> result;
    float last = 0;
    for (const Body& layer : look_.layers()) {
        last = layer.empty() ? last : share_along(layer, 0.5);
        result.push_back(last);
    }
    return result;
}

float Inspection::core_spread() const {
    return share_along(look_.core(), 0.9) - share_along(look_.core(), 0.1);
}

/// Whether the core varies by less than it differs from the rim.
bool Inspection::is_even() const { return core_spread() < fade_; }

/// Without the sides of which few cells are seen.
std::vector<Inspection::RimSide> Inspection::rim_by_side() const {
    const Sides core = look_.divide_by_side(look_.core());
    std::vector<RimSide> sides;
    for (std::size_t k = 0; k < core.size(); ++k) {
        if (rim_sides_[k].size() >= kFewAtSide) {
            const float rim = share_along(rim_sides_[k], 0.5);
            const float inner =
                core[k].size() >= kFewAtSide ? share_along(core[k], 0.5) : core_along_;
            sides.push_back({rim, rim - inner});
        }
    }
    return sides;
}

/// Of the sides' differences from the backdrop, and from the core beside them, the least is not
/// much less than the most.
bool Inspection::stands_out_all_round(float least_of_most) const {
    constexpr float kLeastOfBackdrop = 0.35F;
    const std::vector<RimSide> sides = rim_by_side();
    if (sides.empty()) {
        return false;
    }
    const auto [least, most] = std::ranges::minmax(sides, {}, &RimSide::rim);
    const auto [least_fade, most_fade] = std::ranges::minmax(sides, {}, &RimSide::fade);
    return least.rim > kLeastOfBackdrop * most.rim &&
           least_fade.fade > least_of_most * most_fade.fade;
}

/// Whether the middle is even and hardly darker than the backdrop, which goes on behind glass
/// whatever light falls on the rim. Two sides of the rim at most may be lost, and one be brighter
/// than the middle. What is round and opaque is shaded all over, and a bevelled edge is dark on one
/// half alone, or bright on the other.
bool Inspection::is_window() const {
    constexpr float kMostUneven = 0.22F;
    constexpr float kMostDarker = 0.13F;
    constexpr std::size_t kSidesLost = 2;
    constexpr float kLeastFade = 0.05F;
    // Of the strongest side's fade.
    constexpr float kMostBrighter = 0.7F;
    constexpr float kMostBrighterElsewhere = 0.06F;
    const float darker = -to_opponent(look_.difference_of(look_.core())).luma;
    if (core_spread() > kMostUneven * fade_ ||
        darker > kMostDarker * to_opponent(look_.core_light()).luma) {
        return false;
    }
    std::vector<float> fades;
    for (const RimSide& side : rim_by_side()) {
        fades.push_back(side.fade);
    }
    std::sort(fades.begin(), fades.end());
    return fades.size() > kSidesLost && fades[kSidesLost] > kLeastFade * fade_ &&
           fades[0] > -kMostBrighter * fades.back() &&
           fades[1] > -kMostBrighterElsewhere * fades.back();
}

bool Inspection::shows_most_sides() const {
    constexpr int kMostSides = 5;
    return std::count_if(rim_sides_.begin(), rim_sides_.end(),
                         [](const Body& side) { return side.size() >= kFewAtSide; }) >= kMostSides;
}

/// Whether the backdrop's light, where it varies, is seen again in the core, as in a mixture:
/// passed * light + cover * own colour. The light that falls on something opaque varies as well,
/// but what comes back is reflectance * light: steeper than the light, or without an offset.
bool Inspection::lets_light_through() const {
    constexpr double kEvenLight = 2.5;
    constexpr double kCorrelation = 0.9;
    constexpr double kLeastPassed = 0.4;
    constexpr double kMostPassed = 0.98;
    constexpr double kLeastOffset = 4;
    const Line seen = line_through(clues_.fit.light, clues_.copy.mean, look_.core());
    return seen.spread > kEvenLight && seen.correlation > kCorrelation &&
           seen.slope > kLeastPassed && seen.slope < kMostPassed && seen.offset > kLeastOffset;
}

/// Its own colour is somewhere between that of the rim, which may cover all, and the farthest there
/// is: at their geometric mean, and a little more, as rims seldom cover half. If it is much like
/// the backdrop's, more is covered than one sees: what is usual counts as well, unless nothing is
/// seen at all.
Veil Inspection::veil() const {
    constexpr float kOfMean = 1.15F;
    constexpr float kOfSeen = 0.6F;
    constexpr float kUsual = 0.2F;
    constexpr float kVisible = 2;
    constexpr float kMostCover = 0.9F;
    Veil veil;
    veil.difference = look_.difference_of(look_.core());
    const float own = kOfMean * std::sqrt(peak_ * farthest(1));
    const float seen =
        (std::max(0.0F, dot(veil.difference, rim_way_)) + 2 * beside(veil.difference)) / own;
    const float usual = kUsual * std::min(1.0F, length(veil.difference) / kVisible);
    veil.cover = std::min(kMostCover, usual + kOfSeen * seen);
    return veil;
}

}  // namespace

std::optional<Veil> inspect_whole(const VeilClues& clues, const Body& cells) {
    constexpr float kLeastOfMost = 0.15F;
    std::optional<RimAndCore> look = RimAndCore::find(clues, cells, cells);
    if (!look) {
        return std::nullopt;
    }
    Inspection inspection(clues, std::move(*look));
    const bool is_veil =
        (inspection.is_see_through() && inspection.shows_most_sides() &&
         (inspection.stands_out_all_round(kLeastOfMost) || inspection.is_window())) ||
        (inspection.is_mostly_pane() &&
         (inspection.stands_out_all_round(kLeastOfMost) || inspection.lets_light_through()));
    return is_veil ? std::optional(inspection.veil()) : std::nullopt;
}

std::optional<Veil> inspect_piece(const VeilClues& clues, const Piece& piece) {
    constexpr float kLeastOfMost = 0.25F;
    std::optional<RimAndCore> look = RimAndCore::find(clues, piece.cells, piece.plateau);
    if (!look || !is_mostly_open(piece.cells, clues.depth)) {
        return std::nullopt;
    }
    Inspection inspection(clues, std::move(*look));
    const bool fades = inspection.is_see_through() && inspection.shows_most_sides();
    const bool is_veil =
        (fades && inspection.is_window()) ||
        ((fades || inspection.is_mostly_pane()) &&
         (inspection.stands_out_all_round(kLeastOfMost) || inspection.lets_light_through()));
    return is_veil ? std::optional(inspection.veil()) : std::nullopt;
}

}  // namespace editprep::imaging
