#pragma once

#include <vector>

#include "backdrop/evidence.hpp"
#include "backdrop/light_fit.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::imaging {

struct Judgement {
    /// 0 to 1.
    double confidence = 0;
    /// The gravest first.
    std::vector<SelectionDoubt> doubts;
};

/// How far the selection can be trusted.
/// @param object_share in each cell the probability of object
[[nodiscard]] Judgement judge_selection(const LightFit& fit, const Evidence& evidence,
                                        const Plane& object_share);

}  // namespace editprep::imaging
