#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/statistics.hpp"
#include "backdrop/veil_pieces.hpp"
#include "backdrop/verdict.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// What tells veils; all of it has to outlive its use.
struct VeilClues {
    const WorkCopy& copy;
    const LightFit& fit;
    /// In each cell the probability of object.
    const Plane& object_share;
    /// What the outlines tell of the cells.
    const Grid<Verdict>& verdict;
    /// Distance from what lies outside, in cells.
    const Plane& depth;
};

/// What is seen of an object, or of a piece of one, just inside its outline and deep inside.
class RimAndCore {
public:
    static constexpr std::size_t kDepths = 24;
    /// By the direction from the rim's middle.
    using Sides = std::array<Body, 8>;

    /// Nothing if the cells are too narrow or there is much backdrop or print in them.
    /// @param plateau those of the cells that can be core
    [[nodiscard]] static std::optional<RimAndCore> find(const VeilClues& clues, const Body& cells,
                                                        const Body& plateau);

    [[nodiscard]] const Body& rim() const { return rim_; }
    [[nodiscard]] const Body& core() const { return core_; }
    /// Of the cells' depths.
    [[nodiscard]] float deepest() const { return deepest_; }
    /// By depth, from 1 on.
    [[nodiscard]] const std::array<Body, kDepths>& layers() const { return layers_; }
    [[nodiscard]] Sides divide_by_side(const Body& cells) const;

    /// From the backdrop's light.
    [[nodiscard]] Rgb difference_at(std::size_t i) const;
    /// The medians of these cells, by channel.
    [[nodiscard]] Rgb difference_of(const Body& cells) const;
    [[nodiscard]] Rgb core_light() const;
    /// How far the layers' colours are from the core's.
    [[nodiscard]] std::vector<float> distances_from_core() const;

    /// The value that this share of the cells stays below, by some of them.
    template <typename Measure>
    [[nodiscard]] static float share_of(const Body& cells, double share, const Measure& measure) {
        const std::size_t stride = cells.size() / kSamples + 1;
        std::vector<float> values;
        for (std::size_t k = 0; k < cells.size(); k += stride) {
            values.push_back(measure(cells[k]));
        }
        return quantile(values, share);
    }

private:
    /// So many cells are enough for a median.
    static constexpr std::size_t kSamples = 1500;

    explicit RimAndCore(const VeilClues& clues) : clues_(clues) {}
    void fill_layers(const Body& cells);
    void find_middle();

    VeilClues clues_;
    float deepest_ = 0;
    Body rim_;
    Body core_;
    std::array<Body, kDepths> layers_;
    /// The rim's middle, in cells.
    double x_ = 0;
    double y_ = 0;
};

}  // namespace editprep::imaging
