#pragma once

#include <cstdint>
#include <vector>

#include "backdrop/light_fit.hpp"
#include "backdrop/veil.hpp"
#include "backdrop/verdict.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

struct Veils {
    /// By cell: 0, or the number of a veil counted from 1.
    Grid<std::uint8_t> number;
    std::vector<Veil> veils;
};

/// Objects that are veils, and parts of objects that are, where they are joined to something else:
/// to a cap, a label, a stand, to what they hold.
/// @param object_share in each cell the probability of object
/// @param verdict what the outlines tell of the cells
/// @param opaque cells of objects that are no veils, whatever they look like
[[nodiscard]] Veils find_veils(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
                               const Grid<Verdict>& verdict, const std::vector<Point>& opaque = {});

/// Lowers the mask of veils to the share of their own colour. Colours that no mixture of backdrop
/// and veil explains (highlights, labels, contents) keep what they have.
/// @param picture RGB; @param light by cell
void thin_veils(const Image& picture, const WorkCopy& copy, const Planes& light, const Veils& veils,
                Mask& mask);

}  // namespace editprep::imaging
