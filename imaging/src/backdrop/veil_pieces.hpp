#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// Cells that hang together.
using Body = CellVector<std::size_t>;

/// Marks the backdrop that hangs together with the border of the picture.
/// @param object_share in each cell the probability of object
[[nodiscard]] Grid<std::uint8_t> outside_of(const Plane& object_share);

/// The objects, each with what it encloses, but for the smallest.
[[nodiscard]] std::vector<Body> bodies_in(const Grid<std::uint8_t>& outside);

/// What hangs together and goes over into itself.
struct Piece {
    Body cells;
    /// Those of them deep inside whose colours go over into each other; not what it encloses.
    Body plateau;
};

/// What a body is put together of: a bottle, its cap, its label, what is in it. Within a piece the
/// colours go over into each other, between pieces they change abruptly. Cells of neither kind,
/// such as those near the outline, which are mixed with the backdrop, go to the nearest piece.
/// @param difference of the smoothed cells from the backdrop's light
/// @param depth distance from what lies outside, in cells
/// @return nothing if no part of the body is deep enough to tell
[[nodiscard]] std::vector<Piece> pieces_of(const Body& body, const Planes& difference,
                                           const Plane& depth);

/// Whether most of a piece's outline is against what lies outside. A label goes from side to side
/// of what it is on, and shows two narrow rims of that, as a pane would.
/// @param depth distance from what lies outside, in cells
[[nodiscard]] bool is_mostly_open(const Body& cells, const Plane& depth);

/// Marks the cells of the pieces that are beside another piece, two cells wide on either side.
[[nodiscard]] Grid<std::uint8_t> seams_between(const std::vector<Piece>& pieces, Size size);

}  // namespace editprep::imaging
