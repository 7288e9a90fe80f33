#pragma once

#include <cstdint>

#include "backdrop/cell_labels.hpp"
#include "backdrop/verdict.hpp"

namespace editprep::imaging {

/// 1 in the cells of objects that hardly have a region, being outline almost everywhere: chains,
/// meshes, plants.
[[nodiscard]] Grid<std::uint8_t> cells_of_thin_objects(const CellLabels& labels,
                                                       const Grid<Verdict>& verdict);

}  // namespace editprep::imaging
