#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "backdrop/region_clues.hpp"
#include "backdrop/watershed.hpp"

namespace editprep::imaging {

/// An outline that two regions share, or several of them.
struct Outline {
    int length = 0;
    /// The step in its middle and the difference across it, summed up along it.
    double step = 0;
    double across = 0;
    /// How steep the picture is, by place, as far as that is seen through the noise.
    std::vector<float> steepness;

    void add(const Outline& other);
    /// Near 0 for a shadow's soft edge, a third for an object's, more than 1 for something thin
    /// with the same on both sides.
    [[nodiscard]] double sharpness() const;
};

/// What the rules ask of the part of an outline at which a region meets the open backdrop.
struct OpenSide {
    /// Of the region's whole outline.
    double share = 0;
    /// Share of its places that are seen through the noise.
    double seen = 0;
    double sharpness = 0;
    /// Usual steepness, and that against the sharp edges of this picture; nothing if noise hides
    /// it.
    float steepness = 0;
    std::optional<float> crispness;
};

/// The outline around one region.
struct Surround {
    int length = 0;
    Outline to_open;
};

/// The outlines between each two regions that meet.
class RegionOutlines {
public:
    RegionOutlines(const NearestRegions& nearest, const RegionClues& clues);

    /// By region.
    [[nodiscard]] std::vector<Surround> surrounds(const std::vector<RegionTally>& regions) const;
    [[nodiscard]] OpenSide open_side(const Surround& surround) const;

private:
    /// By the numbers of both regions, the smaller one first.
    std::map<std::pair<int, int>, Outline> outlines_;
    /// How steep the sharp edges of this picture are.
    float steepest_;
};

}  // namespace editprep::imaging
