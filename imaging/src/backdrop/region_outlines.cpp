#include "backdrop/region_outlines.hpp"

#include <algorithm>
#include <cmath>

#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

using OutlinesByPair = std::map<std::pair<int, int>, Outline>;

/// Of the edge between two neighbouring cells, unless noise is as strong.
void add_steepness(const NearestRegions& nearest, const RegionClues& clues, std::size_t i,
                   std::size_t j, Outline& outline) {
    constexpr float kLeastContrast = 4;
    constexpr float kNoiseShare = 0.3F;
    const Plane& luma = clues.smooth.luma;
    const float noise = clues.noise.profile;
    const float contrast = luma[nearest.source[i]] - luma[nearest.source[j]];
    const float energy = squared(contrast);
    if (std::abs(contrast) < kLeastContrast || noise > kNoiseShare * energy) {
        return;
    }
    outline.steepness.push_back((clues.profile.energy(i, j == i + 1) - noise) / energy);
}

/// Two neighbouring cells, which may be of two regions.
void meet(const NearestRegions& nearest, const RegionClues& clues, std::size_t i, std::size_t j,
          OutlinesByPair& outlines) {
    const int a = nearest.owner[i];
    const int b = nearest.owner[j];
    if (a == b || a == kNoRegion || b == kNoRegion) {
        return;
    }
    const OpponentPlanes& smooth = clues.smooth;
    const Grid<std::uint32_t>& source = nearest.source;
    Outline& outline = outlines[{std::min(a, b), std::max(a, b)}];
    ++outline.length;
    outline.step += difference(smooth[i], smooth[j]);
    outline.across += difference(smooth[source[i]], smooth[source[j]]);
    add_steepness(nearest, clues, i, j, outline);
}

OutlinesByPair measure(const NearestRegions& nearest, const RegionClues& clues) {
    const Grid<int>& owner = nearest.owner;
    OutlinesByPair outlines;
    for (int y = 0; y < owner.height(); ++y) {
        for (int x = 0; x < owner.width(); ++x) {
            const std::size_t i = owner.index(x, y);
            if (x + 1 < owner.width()) {
                meet(nearest, clues, i, owner.index(x + 1, y), outlines);
            }
            if (y + 1 < owner.height()) {
                meet(nearest, clues, i, owner.index(x, y + 1), outlines);
            }
        }
    }
    return outlines;
}

/// Of the sharp edges in this picture: how sharp its lens was.
float usual_steepness(const OutlinesByPair& outlines) {
    constexpr double kSharpShare = 0.75;
    constexpr double kStrong = 30;
    constexpr float kLeast = 0.25F;
    constexpr float kMost = 0.45F;
    std::vector<float> strong;
    for (const auto& [pair, outline] : outlines) {
        if (outline.across > kStrong * outline.length) {
            strong.insert(strong.end(), outline.steepness.begin(), outline.steepness.end());
        }
    }
    return std::clamp(quantile(strong, kSharpShare), kLeast, kMost);
}

}  // namespace

void Outline::add(const Outline& other) {
    length += other.length;
    step += other.step;
    across += other.across;
    steepness.insert(steepness.end(), other.steepness.begin(), other.steepness.end());
}

double Outline::sharpness() const { return step / std::max(1e-3, across); }

RegionOutlines::RegionOutlines(const NearestRegions& nearest, const RegionClues& clues)
    : outlines_(measure(nearest, clues)), steepest_(usual_steepness(outlines_)) {}

std::vector<Surround> RegionOutlines::surrounds(const std::vector<RegionTally>& regions) const {
    std::vector<Surround> result(regions.size());
    const auto surround = [&](int region, int other, const Outline& outline) {
        Surround& around = result[static_cast<std::size_t>(region)];
        around.length += outline.length;
        if (regions[static_cast<std::size_t>(other)].is_open()) {
            around.to_open.add(outline);
        }
    };
    for (const auto& [pair, outline] : outlines_) {
        surround(pair.first, pair.second, outline);
        surround(pair.second, pair.first, outline);
    }
    return result;
}

OpenSide RegionOutlines::open_side(const Surround& surround) const {
    constexpr std::size_t kFew = 12;
    const Outline& outline = surround.to_open;
    OpenSide side;
    if (outline.length == 0) {
        return side;
    }
    side.share = static_cast<double>(outline.length) / surround.length;
    side.seen = static_cast<double>(outline.steepness.size()) / outline.length;
    side.sharpness = outline.sharpness();
    side.steepness = median(outline.steepness);
    if (outline.steepness.size() >= kFew) {
        side.crispness = side.steepness / steepest_;
    }
    return side;
}

}  // namespace editprep::imaging
