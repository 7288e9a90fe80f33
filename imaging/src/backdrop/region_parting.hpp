#pragma once

#include <cstddef>
#include <vector>

#include "backdrop/region_clues.hpp"
#include "backdrop/region_map.hpp"

namespace editprep::imaging {

/// Where an object has the backdrop's colour its outline has gaps, through which all of it would
/// count as open. What hangs together with the open backdrop through gaps alone, and looks or ends
/// as an object does, becomes a region of its own.
/// @return the regions of which their outlines have shown that they are an object's
[[nodiscard]] std::vector<std::size_t> part_objects_behind_gaps(const RegionClues& clues,
                                                                const LightMeter& meter,
                                                                RegionMap& map);

}  // namespace editprep::imaging
