#pragma once

#include <cstddef>
#include <cstdint>

#include "backdrop/opponent.hpp"
#include "backdrop/plane.hpp"
#include "backdrop/region_look.hpp"

/// What is printed on an object, and tells of its ground that it is no backdrop.
namespace editprep::imaging {

/// Of these cells, those that are inked: more different from the ground around them than a shadow's
/// core. What is only brighter may be a highlight.
[[nodiscard]] std::ptrdiff_t inked_cells(const CellVector<std::size_t>& cells,
                                         const Opponent& ground, const OpponentPlanes& smooth);

/// The islands of ink in a stretch that stand on one tone which is not the backdrop's: the
/// lettering on a box, the pips of a die. Their ground goes on below them.
/// @param stretch 1 in its cells, else 0
[[nodiscard]] CellVector<std::size_t> find_lettering(const Grid<std::uint8_t>& stretch,
                                                     const OpponentPlanes& smooth,
                                                     const LightMeter& meter);

}  // namespace editprep::imaging
