#include "backdrop/veil_inspection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>
#include <vector>

#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// A side of fewer cells does not count.
constexpr std::size_t kFewAtSide = 6;
/// So many cells are enough for a median.
constexpr std::size_t kSamples = 1500;

float dot(const Rgb& a, const Rgb& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// The value that this share of the cells stays below, by some of them.
template <typename Measure>
float share_of(const Body& cells, double share, const Measure& measure) {
    const std::size_t stride = cells.size() / kSamples + 1;
    std::vector<float> values;
    for (std::size_t k = 0; k < cells.size(); k += stride) {
        values.push_back(measure(cells[k]));
    }
    return quantile(values, share);
}

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

}  // namespace

std::optional<Veil> VeilInspection::inspect_whole(const Body& cells) {
    constexpr float kLeastOfMost = 0.15F;
    if (!measure(cells, cells)) {
        return std::nullopt;
    }
    const bool is_veil =
        (is_see_through(cells) && shows_most_sides() && stands_out_all_round(kLeastOfMost)) ||
        (is_mostly_pane(cells) && (stands_out_all_round(kLeastOfMost) || lets_light_through()));
    return is_veil ? std::optional(veil()) : std::nullopt;
}

std::optional<Veil> VeilInspection::inspect_piece(const Piece& piece) {
    constexpr float kLeastOfMost = 0.25F;
    if (!measure(piece.cells, piece.plateau) || !is_mostly_open(piece.cells)) {
        return std::nullopt;
    }
    const bool may_be_veil =
        (is_see_through(piece.cells) && shows_most_sides()) || is_mostly_pane(piece.cells);
    const bool is_veil =
        may_be_veil && (stands_out_all_round(kLeastOfMost) || lets_light_through());
    return is_veil ? std::optional(veil()) : std::nullopt;
}

Rgb VeilInspection::difference_at(std::size_t i) const {
    return {copy_.mean[0][i] - fit_.light[0][i], copy_.mean[1][i] - fit_.light[1][i],
            copy_.mean[2][i] - fit_.light[2][i]};
}

float VeilInspection::along(std::size_t i) const { return dot(difference_at(i), direction_); }

float VeilInspection::beside(std::size_t i) const {
    const Rgb d = difference_at(i);
    return std::sqrt(std::max(0.0F, dot(d, d) - squared(dot(d, direction_))));
}

float VeilInspection::share_along(const Body& cells, double share) const {
    return share_of(cells, share, [&](std::size_t i) { return along(i); });
}

/// Into rim and core; false if the cells are too narrow or there is much backdrop or print in them.
bool VeilInspection::divide(const Body& cells, const Body& plateau) {
    /// Depths of the rim: less is mixed with what lies outside.
    constexpr float kRimBegin = 1.5F;
    constexpr float kRimEnd = 3.6F;
    constexpr float kNarrow = 9;
    constexpr float kCoreDepth = 7;
    constexpr float kCoreShare = 0.4F;
    constexpr double kMostOthers = 0.2;
    deepest_ = 0;
    double others = 0;
    for (const std::size_t i : cells) {
        deepest_ = std::max(deepest_, depth_[i]);
        others += object_share_[i] < 0.5F || verdict_[i] == Verdict::print ? 1 : 0;
    }
    if (deepest_ <= kNarrow || others > kMostOthers * static_cast<double>(cells.size())) {
        return false;
    }
    rim_.clear();
    core_.clear();
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(rim_),
                 [&](std::size_t i) { return depth_[i] >= kRimBegin && depth_[i] < kRimEnd; });
    const float core_depth = std::max(kCoreDepth, kCoreShare * deepest_);
    std::copy_if(plateau.begin(), plateau.end(), std::back_inserter(core_),
                 [&](std::size_t i) { return depth_[i] > core_depth; });
    if (rim_.empty() || core_.empty()) {
        return false;
    }
    rim_sides_ = divide_by_side(rim_);
    return true;
}

Rgb VeilInspection::rim_direction() const {
    Rgb d{};
    for (std::size_t c = 0; c < 3; ++c) {
        d[c] = share_of(rim_, 0.5, [&](std::size_t i) { return difference_at(i)[c]; });
    }
    const float length = std::max(1e-3F, std::sqrt(dot(d, d)));
    return {d[0] / length, d[1] / length, d[2] / length};
}

/// What all rules below go by; false if the cells cannot be divided.
bool VeilInspection::measure(const Body& cells, const Body& plateau) {
    if (!divide(cells, plateau)) {
        return false;
    }
    direction_ = rim_direction();
    core_along_ = share_along(core_, 0.5);
    return true;
}

/// As far as core and rim as a whole tell.
bool VeilInspection::is_see_through(const Body& cells) {
    constexpr float kOpaque = 0.6F;
    constexpr float kOfOtherColor = 0.2F;
    // A mixture cannot be so far from the backdrop unless most of it is the object's colour.
    if (std::abs(core_along_) > kOpaque * farthest(core_along_ < 0 ? -1.0F : 1.0F) ||
        share_of(core_, 0.5, [&](std::size_t i) { return beside(i); }) >
            kOfOtherColor * std::max(1.0F, share_along(rim_, 0.5))) {
        return false;
    }
    return fades_inwards(cells) && is_even();
}

/// As far as its outline tells, which shows thin rims. They are seen in the cells, too, or it was a
/// sharpened step; a wide one is a frame, and opaque, and what lies beyond the backdrop as seen
/// from its rim is no mixture of both.
bool VeilInspection::is_mostly_pane(const Body& cells) {
    constexpr double kMostly = 0.6;
    constexpr float kHalf = 0.5F;
    constexpr float kNarrow = 0.3F;
    constexpr float kOfCore = 1.5F;
    constexpr float kLeastFade = 6;
    constexpr float kMostAgainst = 0.1F;
    const auto panes = std::count_if(core_.begin(), core_.end(),
                                     [&](std::size_t i) { return verdict_[i] == Verdict::pane; });
    if (static_cast<double>(panes) <= kMostly * static_cast<double>(core_.size())) {
        return false;
    }
    const std::vector<float> fall = profile(cells);
    const auto peak = std::max_element(fall.begin(), fall.end());
    peak_ = *peak;
    fade_ = peak_ - core_along_;
    if (peak_ < kOfCore * core_along_ || core_along_ < -kMostAgainst * peak_ ||
        fade_ < kLeastFade) {
        return false;
    }
    const auto end = std::find_if(peak, fall.end(),
                                  [&](float value) { return value < core_along_ + kHalf * fade_; });
    return end != fall.end() && static_cast<float>(end - fall.begin()) < kNarrow * deepest_;
}

/// How far from the backdrop a colour can be that way.
float VeilInspection::farthest(float sign) const {
    constexpr float kWhite = 256;
    float reach = 1e6F;
    for (std::size_t c = 0; c < 3; ++c) {
        const float light = share_of(core_, 0.5, [&](std::size_t i) { return fit_.light[c][i]; });
        const float step = sign * direction_[c];
        reach = std::min(reach, step > 0 ? (kWhite - light) / std::max(1e-4F, step)
                                         : (light + 1) / std::max(1e-4F, -step));
    }
    return std::max(1.0F, reach);
}

/// As e to the power of the depth does: steepest at the rim, and soon at its end.
bool VeilInspection::fades_inwards(const Body& cells) {
    constexpr float kLeastFade = 6;
    constexpr float kLeastShare = 0.07F;
    constexpr float kMostShare = 1.05F;
    constexpr float kSteepest = 0.7F;
    constexpr float kAbrupt = 1.35F;
    constexpr float kHalfWay = 0.14F;
    constexpr float kAtEnd = 0.3F;
    const std::vector<float> fall = profile(cells);
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
           cells_to(0.5F) < kHalfWay * deepest_ && cells_to(0.2F) <= kAtEnd * deepest_;
}

/// The median by depth, from 1 on; beyond the deepest as at the deepest.
std::vector<float> VeilInspection::profile(const Body& cells) const {
    constexpr std::size_t kDepths = 24;
    std::array<Body, kDepths> layers;
    for (const std::size_t i : cells) {
        const auto layer = static_cast<std::size_t>(depth_[i] + 0.5F) - 1;
        if (layer < kDepths) {
            layers[layer].push_back(i);
        }
    }
    std::vector<float> result;
    float last = 0;
    for (const Body& layer : layers) {
        last = layer.empty() ? last : share_along(layer, 0.5);
        result.push_back(last);
    }
    return result;
}

/// Whether the core varies by less than it differs from the rim.
bool VeilInspection::is_even() const {
    return share_along(core_, 0.9) - share_along(core_, 0.1) < fade_;
}

/// Of the sides' differences from the backdrop, and from the core beside them, the least is not
/// much less than the most.
bool VeilInspection::stands_out_all_round(float least_of_most) const {
    constexpr float kLeastOfBackdrop = 0.35F;
    const Sides core = divide_by_side(core_);
    float least = 1e6F;
    float most = -1e6F;
    float least_fade = 1e6F;
    float most_fade = -1e6F;
    for (std::size_t k = 0; k < core.size(); ++k) {
        if (rim_sides_[k].size() >= kFewAtSide) {
            const float outer = share_along(rim_sides_[k], 0.5);
            const float inner =
                core[k].size() >= kFewAtSide ? share_along(core[k], 0.5) : core_along_;
            least = std::min(least, outer);
            most = std::max(most, outer);
            least_fade = std::min(least_fade, outer - inner);
            most_fade = std::max(most_fade, outer - inner);
        }
    }
    return least > kLeastOfBackdrop * most && least_fade > least_of_most * most_fade;
}

/// Whether the backdrop's light, where it varies, is seen again in the core, as in a mixture:
/// passed * light + cover * own colour. The light that falls on something opaque varies as well,
/// but what comes back is reflectance * light: steeper than the light, or without an offset.
bool VeilInspection::lets_light_through() const {
    constexpr double kEvenLight = 2.5;
    constexpr double kCorrelation = 0.9;
    constexpr double kLeastPassed = 0.4;
    constexpr double kMostPassed = 0.98;
    constexpr double kLeastOffset = 4;
    const Line seen = line_through(fit_.light, copy_.mean, core_);
    return seen.spread > kEvenLight && seen.correlation > kCorrelation &&
           seen.slope > kLeastPassed && seen.slope < kMostPassed && seen.offset > kLeastOffset;
}

bool VeilInspection::shows_most_sides() const {
    constexpr int kMostSides = 5;
    return std::count_if(rim_sides_.begin(), rim_sides_.end(),
                         [](const Body& side) { return side.size() >= kFewAtSide; }) >= kMostSides;
}

/// Whether most of the outline is against the backdrop. A label goes from side to side of what it
/// is on, and shows two narrow rims of that, as a pane would.
bool VeilInspection::is_mostly_open(const Body& cells) const {
    constexpr float kOutside = 2;
    constexpr double kLeastOpen = 0.57;
    constexpr std::uint8_t kOfPiece = 1;
    constexpr std::uint8_t kAround = 2;
    Grid<std::uint8_t> place(depth_.size());
    for (const std::size_t i : cells) {
        place[i] = kOfPiece;
    }
    // What the piece encloses, contents or a label, has no part in its outline.
    Body around;
    for (std::size_t i = 0; i < depth_.count(); ++i) {
        if (depth_[i] == 0) {
            place[i] = kAround;
            around.push_back(i);
        }
    }
    place.flood(around, [&](std::size_t, std::size_t j) {
        const bool joins = place[j] == 0;
        place[j] = joins ? kAround : place[j];
        return joins;
    });
    double open = 0;
    double all = 0;
    for (const std::size_t i : cells) {
        bool is_outline = false;
        place.for_each_neighbour(i, [&](std::size_t j) { is_outline |= place[j] == kAround; });
        all += is_outline ? 1 : 0;
        open += is_outline && depth_[i] < kOutside ? 1 : 0;
    }
    return open >= kLeastOpen * all;
}

VeilInspection::Sides VeilInspection::divide_by_side(const Body& cells) const {
    const auto width = static_cast<std::size_t>(depth_.width());
    double x = 0;
    double y = 0;
    for (const std::size_t i : rim_) {
        x += static_cast<double>(i % width);
        y += static_cast<double>(i / width);
    }
    x /= static_cast<double>(rim_.size());
    y /= static_cast<double>(rim_.size());
    Sides sides;
    const std::size_t stride = cells.size() / kSamples + 1;
    for (std::size_t k = 0; k < cells.size(); k += stride) {
        const double angle = std::atan2(static_cast<double>(cells[k] / width) - y,
                                        static_cast<double>(cells[k] % width) - x);
        const double turn = angle / (2 * std::numbers::pi) + 0.5;
        const auto count = static_cast<double>(sides.size());
        sides[static_cast<std::size_t>(turn * count) % sides.size()].push_back(cells[k]);
    }
    return sides;
}

/// Its own colour is somewhere between that of the rim, which may cover all, and the farthest there
/// is: at their geometric mean, and a little more, as rims seldom cover half.
Veil VeilInspection::veil() const {
    constexpr float kOfMean = 1.15F;
    return {direction_, kOfMean * std::sqrt(peak_ * farthest(1))};
}

}  // namespace editprep::imaging
