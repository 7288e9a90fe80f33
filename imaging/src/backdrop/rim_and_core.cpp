#include "backdrop/rim_and_core.hpp"

#include <cmath>
#include <iterator>
#include <numbers>

namespace editprep::imaging {

std::optional<RimAndCore> RimAndCore::find(const VeilClues& clues, const Body& cells,
                                           const Body& plateau) {
    /// Depths of the rim: less is mixed with what lies outside.
    constexpr float kRimBegin = 1.5F;
    constexpr float kRimEnd = 3.6F;
    constexpr float kNarrow = 9;
    constexpr float kCoreDepth = 7;
    constexpr float kCoreShare = 0.4F;
    constexpr double kMostOthers = 0.2;
    RimAndCore found(clues);
    double others = 0;
    for (const std::size_t i : cells) {
        found.deepest_ = std::max(found.deepest_, clues.depth[i]);
        others += clues.object_share[i] < 0.5F || clues.verdict[i] == Verdict::print ? 1 : 0;
    }
    if (found.deepest_ <= kNarrow || others > kMostOthers * static_cast<double>(cells.size())) {
        return std::nullopt;
    }
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(found.rim_), [&](std::size_t i) {
        return clues.depth[i] >= kRimBegin && clues.depth[i] < kRimEnd;
    });
    const float core_depth = std::max(kCoreDepth, kCoreShare * found.deepest_);
    std::copy_if(plateau.begin(), plateau.end(), std::back_inserter(found.core_),
                 [&](std::size_t i) { return clues.depth[i] > core_depth; });
    if (found.rim_.empty() || found.core_.empty()) {
        return std::nullopt;
    }
    found.fill_layers(cells);
    found.find_middle();
    return found;
}

void RimAndCore::fill_layers(const Body& cells) {
    for (const std::size_t i : cells) {
        const auto layer = static_cast<std::size_t>(clues_.depth[i] + 0.5F) - 1;
        if (layer < kDepths) {
            layers_[layer].push_back(i);
        }
    }
}

void RimAndCore::find_middle() {
    for (const std::size_t i : rim_) {
        const Point at = clues_.depth.place(i);
        x_ += at.x;
        y_ += at.y;
    }
    x_ /= static_cast<double>(rim_.size());
    y_ /= static_cast<double>(rim_.size());
}

RimAndCore::Sides RimAndCore::divide_by_side(const Body& cells) const {
    Sides sides;
    const std::size_t stride = cells.size() / kSamples + 1;
    for (std::size_t k = 0; k < cells.size(); k += stride) {
        const Point at = clues_.depth.place(cells[k]);
        const double angle = std::atan2(at.y - y_, at.x - x_);
        const double turn = angle / (2 * std::numbers::pi) + 0.5;
        const auto count = static_cast<double>(sides.size());
        sides[static_cast<std::size_t>(turn * count) % sides.size()].push_back(cells[k]);
    }
    return sides;
}

Rgb RimAndCore::difference_at(std::size_t i) const {
    return minus(color_at(clues_.copy.mean, i), color_at(clues_.fit.light, i));
}

Rgb RimAndCore::difference_of(const Body& cells) const {
    Rgb result{};
    for (std::size_t c = 0; c < result.size(); ++c) {
        result[c] = share_of(cells, 0.5, [&](std::size_t i) { return difference_at(i)[c]; });
    }
    return result;
}

Rgb RimAndCore::core_light() const {
    Rgb result{};
    for (std::size_t c = 0; c < result.size(); ++c) {
        const Plane& light = clues_.fit.light[c];
        result[c] = share_of(core_, 0.5, [&](std::size_t i) { return light[i]; });
    }
    return result;
}

std::vector<float> RimAndCore::distances_from_core() const {
    const Rgb core = difference_of(core_);
    std::vector<float> result;
    for (const Body& layer : layers_) {
        result.push_back(layer.empty() ? 0 : distance(difference_of(layer), core));
    }
    return result;
}

}  // namespace editprep::imaging
