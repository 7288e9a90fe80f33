#include "backdrop/see_through.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <utility>

#include "backdrop/cell_filters.hpp"
#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

/// Depths, in cells, that the fall from the rim inwards is looked at.
constexpr std::size_t kDepths = 24;
/// Depths of the rim: less is mixed with what lies outside.
constexpr float kRimBegin = 1.5F;
constexpr float kRimEnd = 3.6F;
/// Of the rim, by the direction from the object's middle.
constexpr std::size_t kSides = 8;
/// A side of fewer cells does not count.
constexpr std::size_t kFewAtSide = 6;
/// So many cells are enough for a median.
constexpr std::size_t kSamples = 1500;

/// Backdrop that hangs together with the border of the picture.
Grid<std::uint8_t> outside_of(const Plane& object_share) {
    constexpr float kObject = 0.5F;
    const Size size = object_share.size();
    Grid<std::uint8_t> outside(size);
    CellVector<std::size_t> front;
    const auto reach = [&](std::size_t i) {
        if (outside[i] == 0 && object_share[i] < kObject) {
            outside[i] = 1;
            front.push_back(i);
        }
    };
    for (int x = 0; x < size.width; ++x) {
        reach(outside.index(x, 0));
        reach(outside.index(x, size.height - 1));
    }
    for (int y = 0; y < size.height; ++y) {
        reach(outside.index(0, y));
        reach(outside.index(size.width - 1, y));
    }
    while (!front.empty()) {
        const std::size_t i = front.back();
        front.pop_back();
        outside.for_each_neighbour(i, reach);
    }
    return outside;
}

/// The cells of one object, with what it encloses.
using Body = CellVector<std::size_t>;

std::vector<Body> bodies_in(const Grid<std::uint8_t>& outside) {
    constexpr std::size_t kFewCells = 400;
    std::vector<Body> bodies;
    Grid<std::uint8_t> seen = outside;
    for (std::size_t start = 0; start < seen.count(); ++start) {
        if (seen[start] != 0) {
            continue;
        }
        Body body{start};
        seen[start] = 1;
        // Grows while it is read.
        for (std::size_t k = 0; k < body.size(); ++k) {
            seen.for_each_neighbour(body[k], [&](std::size_t j) {
                if (seen[j] == 0) {
                    seen[j] = 1;
                    body.push_back(j);
                }
            });
        }
        if (body.size() >= kFewCells) {
            bodies.push_back(std::move(body));
        }
    }
    return bodies;
}

bool contains_any(const Body& body, const std::vector<Point>& cells, const Plane& grid) {
    return std::any_of(cells.begin(), cells.end(), [&](Point p) {
        return std::find(body.begin(), body.end(), grid.index(p.x, p.y)) != body.end();
    });
}

class Inspection {
public:
    Inspection(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
               const Plane& depth)
        : copy_(copy), fit_(fit), object_share_(object_share), depth_(depth) {}

    /// The veil that this object is, if it is one.
    [[nodiscard]] std::optional<Veil> inspect(const Body& body) {
        if (!divide(body)) {
            return std::nullopt;
        }
        direction_ = rim_direction();
        return is_veil(body) ? std::optional<Veil>({direction_, own_contrast()}) : std::nullopt;
    }

private:
    [[nodiscard]] Rgb difference_at(std::size_t i) const {
        return {copy_.mean[0][i] - fit_.light[0][i], copy_.mean[1][i] - fit_.light[1][i],
                copy_.mean[2][i] - fit_.light[2][i]};
    }
    [[nodiscard]] static float dot(const Rgb& a, const Rgb& b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
    [[nodiscard]] float along(std::size_t i) const { return dot(difference_at(i), direction_); }
    [[nodiscard]] float beside(std::size_t i) const {
        const Rgb d = difference_at(i);
        return std::sqrt(std::max(0.0F, dot(d, d) - squared(dot(d, direction_))));
    }

    /// The value that this share of the cells stays below, by some of them.
    template <typename Measure>
    [[nodiscard]] static float share_of(const Body& cells, double share, const Measure& measure) {
        const std::size_t stride = cells.size() / kSamples + 1;
        std::vector<float> values;
        for (std::size_t k = 0; k < cells.size(); k += stride) {
            values.push_back(measure(cells[k]));
        }
        return quantile(std::move(values), share);
    }

    /// Into rim and core; false if the object is too narrow or there is much backdrop in it.
    [[nodiscard]] bool divide(const Body& body) {
        constexpr float kNarrow = 9;
        constexpr float kCoreDepth = 7;
        constexpr float kCoreShare = 0.4F;
        constexpr double kMostHoles = 0.2;
        deepest_ = 0;
        double holes = 0;
        for (const std::size_t i : body) {
            deepest_ = std::max(deepest_, depth_[i]);
            holes += object_share_[i] < 0.5F ? 1 : 0;
        }
        if (deepest_ <= kNarrow || holes > kMostHoles * static_cast<double>(body.size())) {
            return false;
        }
        rim_.clear();
        core_.clear();
        for (const std::size_t i : body) {
            if (depth_[i] >= kRimBegin && depth_[i] < kRimEnd) {
                rim_.push_back(i);
            } else if (depth_[i] > std::max(kCoreDepth, kCoreShare * deepest_)) {
                core_.push_back(i);
            }
        }
        return !rim_.empty() && !core_.empty();
    }

    [[nodiscard]] Rgb rim_direction() const {
        Rgb d{};
        for (std::size_t c = 0; c < 3; ++c) {
            d[c] = share_of(rim_, 0.5, [&](std::size_t i) { return difference_at(i)[c]; });
        }
        const float length = std::max(1e-3F, std::sqrt(dot(d, d)));
        return {d[0] / length, d[1] / length, d[2] / length};
    }

    [[nodiscard]] bool is_veil(const Body& body) {
        constexpr float kOpaque = 0.6F;
        constexpr float kOfOtherColor = 0.2F;
        core_along_ = share_of(core_, 0.5, [&](std::size_t i) { return along(i); });
        const float rim_along = share_of(rim_, 0.5, [&](std::size_t i) { return along(i); });
        // A mixture cannot be so far from the backdrop unless most of it is the object's colour.
        if (std::abs(core_along_) > kOpaque * farthest(core_along_ < 0 ? -1.0F : 1.0F) ||
            share_of(core_, 0.5, [&](std::size_t i) { return beside(i); }) >
                kOfOtherColor * std::max(1.0F, rim_along)) {
            return false;
        }
        return fades_inwards(body) && is_even() && stands_out_all_round();
    }

    /// How far from the backdrop a colour can be that way.
    [[nodiscard]] float farthest(float sign) const {
        constexpr float kWhite = 256;
        float reach = 1e6F;
        for (std::size_t c = 0; c < 3; ++c) {
            const float light =
                share_of(core_, 0.5, [&](std::size_t i) { return fit_.light[c][i]; });
            const float step = sign * direction_[c];
            reach = std::min(reach, step > 0 ? (kWhite - light) / std::max(1e-4F, step)
                                             : (light + 1) / std::max(1e-4F, -step));
        }
        return reach;
    }

    /// As e to the power of the depth does: steepest at the rim, and soon at its end.
    [[nodiscard]] bool fades_inwards(const Body& body) {
        constexpr float kLeastFade = 6;
        constexpr float kLeastShare = 0.07F;
        constexpr float kMostShare = 1.05F;
        constexpr float kSteepest = 0.7F;
        constexpr float kAbrupt = 1.35F;
        constexpr float kHalfWay = 0.13F;
        constexpr float kAtEnd = 0.3F;
        const std::array<float, kDepths> fall = profile(body);
        const auto* peak = std::max_element(fall.begin() + 1, fall.begin() + 4);
        peak_ = *peak;
        fade_ = peak_ - core_along_;
        if (fade_ < std::max(kLeastFade, kLeastShare * peak_) || fade_ > kMostShare * peak_) {
            return false;
        }
        const auto cells_to = [&](float share) {
            const auto* at = std::find_if(
                peak, fall.end(), [&](float value) { return value - core_along_ < share * fade_; });
            return static_cast<float>(at == fall.end() ? 1000 : at - peak);
        };
        float drop = 0;
        for (const auto* at = peak; at + 1 != fall.end(); ++at) {
            drop = std::max(drop, (at[0] - at[1]) / fade_);
        }
        return drop < kSteepest && drop * cells_to(0.5F) < kAbrupt &&
               cells_to(0.5F) < kHalfWay * deepest_ && cells_to(0.2F) <= kAtEnd * deepest_;
    }

    /// The median by depth, from 1 on; beyond the deepest as at the deepest.
    [[nodiscard]] std::array<float, kDepths> profile(const Body& body) const {
        std::array<Body, kDepths> layers;
        for (const std::size_t i : body) {
            const auto layer = static_cast<std::size_t>(depth_[i] + 0.5F) - 1;
            if (layer < kDepths) {
                layers[layer].push_back(i);
            }
        }
        std::array<float, kDepths> result{};
        float last = 0;
        for (std::size_t k = 0; k < kDepths; ++k) {
            if (!layers[k].empty()) {
                last = share_of(layers[k], 0.5, [&](std::size_t i) { return along(i); });
            }
            result[k] = last;
        }
        return result;
    }

    /// Whether the core varies by less than it differs from the rim.
    [[nodiscard]] bool is_even() const {
        const auto measure = [&](std::size_t i) { return along(i); };
        return share_of(core_, 0.9, measure) - share_of(core_, 0.1, measure) < fade_;
    }

    [[nodiscard]] bool stands_out_all_round() const {
        constexpr float kLeastOfMost = 0.15F;
        constexpr float kLeastOfBackdrop = 0.35F;
        const auto width = static_cast<std::size_t>(depth_.width());
        double x = 0;
        double y = 0;
        for (const std::size_t i : rim_) {
            x += static_cast<double>(i % width);
            y += static_cast<double>(i / width);
        }
        x /= static_cast<double>(rim_.size());
        y /= static_cast<double>(rim_.size());
        std::array<Body, kSides> sides;
        for (const std::size_t i : rim_) {
            const double angle =
                std::atan2(static_cast<double>(i / width) - y, static_cast<double>(i % width) - x);
            const double turn = angle / (2 * std::numbers::pi) + 0.5;
            sides[static_cast<std::size_t>(turn * kSides) % kSides].push_back(i);
        }
        float least = 1e6F;
        float most = -1e6F;
        for (const Body& side : sides) {
            if (side.size() >= kFewAtSide) {
                const float value = share_of(side, 0.5, [&](std::size_t i) { return along(i); });
                least = std::min(least, value);
                most = std::max(most, value);
            }
        }
        return least > kLeastOfBackdrop * most &&
               least - core_along_ > kLeastOfMost * (most - core_along_);
    }

    /// Somewhere between that of the rim, which may cover all, and the farthest there is: their
    /// geometric mean, and a little more, as rims seldom cover half.
    [[nodiscard]] float own_contrast() const {
        constexpr float kOfMean = 1.15F;
        return kOfMean * std::sqrt(peak_ * farthest(1));
    }

    const WorkCopy& copy_;
    const LightFit& fit_;
    const Plane& object_share_;
    const Plane& depth_;
    float deepest_ = 0;
    Body rim_;
    Body core_;
    Rgb direction_{};
    float core_along_ = 0;
    /// Difference from the backdrop where the rim stands out most, and what is lost from there to
    /// the core.
    float peak_ = 0;
    float fade_ = 0;
};

/// Along the line from the backdrop to the veil, and by the distance from that line, as far as
/// noise does not explain it.
float cover_of(const Rgb& difference, const Veil& veil) {
    constexpr float kNoise = 0.06F;
    constexpr float kAgainst = 0.05F;
    float along = 0;
    float total = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        along += difference[c] * veil.direction[c];
        total += squared(difference[c]);
    }
    const float beside = std::sqrt(std::max(0.0F, total - squared(along))) / veil.contrast;
    const float cover = along / veil.contrast;
    return std::max(0.0F, cover) + 2 * std::max(0.0F, beside - kNoise) +
           2 * std::max(0.0F, -cover - kAgainst);
}

}  // namespace

Veils find_veils(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
                 const std::vector<Point>& opaque) {
    constexpr std::size_t kMost = 255;
    constexpr int kBeyondOutline = 3;
    Veils result;
    const Grid<std::uint8_t> outside = outside_of(object_share);
    const std::vector<Body> bodies = bodies_in(outside);
    if (bodies.empty()) {
        return result;
    }
    const Plane depth = distance_to_marked(outside);
    Inspection inspection(copy, fit, object_share, depth);
    Plane number(object_share.size());
    for (const Body& body : bodies) {
        if (contains_any(body, opaque, number)) {
            continue;
        }
        const std::optional<Veil> veil = inspection.inspect(body);
        if (veil && result.veils.size() < kMost) {
            result.veils.push_back(*veil);
            for (const std::size_t i : body) {
                number[i] = static_cast<float>(result.veils.size());
            }
        }
    }
    if (!result.veils.empty()) {
        const Plane widened = largest_within(number, kBeyondOutline);
        result.number = Grid<std::uint8_t>(number.size());
        for (std::size_t i = 0; i < number.count(); ++i) {
            result.number[i] = static_cast<std::uint8_t>(number[i] > 0 ? number[i] : widened[i]);
        }
    }
    return result;
}

void thin_veils(const Image& picture, const WorkCopy& copy, const Planes& light, const Veils& veils,
                Mask& mask) {
    constexpr float kLeastCover = 0.08F;
    if (veils.veils.empty()) {
        return;
    }
    for (int y = 0; y < mask.height(); ++y) {
        const std::uint8_t* pixel = picture.row(y);
        const std::uint8_t* numbers = veils.number.row(y / copy.scale);
        std::uint8_t* row = mask.row(y);
        for (int x = 0; x < mask.width(); ++x, pixel += 3) {
            const int cell = x / copy.scale;
            if (numbers[cell] == 0 || row[x] == 0) {
                continue;
            }
            Rgb difference{};
            for (std::size_t c = 0; c < 3; ++c) {
                difference[c] = static_cast<float>(pixel[c]) - light[c].at(cell, y / copy.scale);
            }
            const float cover =
                std::clamp(cover_of(difference, veils.veils[numbers[cell] - std::size_t{1}]),
                           kLeastCover * static_cast<float>(row[x]) / 255, 1.0F);
            row[x] = std::min(row[x], static_cast<std::uint8_t>(cover * 255 + 0.5F));
        }
    }
}

}  // namespace editprep::imaging
