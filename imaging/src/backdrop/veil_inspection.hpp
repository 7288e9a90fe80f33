#pragma once

#include <optional>

#include "backdrop/rim_and_core.hpp"
#include "backdrop/veil.hpp"
#include "backdrop/veil_pieces.hpp"

namespace editprep::imaging {

/// Veils are told by their rim, which stands out from the backdrop all round, and by their coming
/// evenly closer to it from there inwards. So looks glass, whichever way it is lit, as the way
/// through its wall is longest at the rim. What is opaque has a bright and a dark side, or a border
/// that ends abruptly. Where the backdrop's light varies, that helps: it is seen again in them.
/// Source: F. Hunter, S. Biver, P. Fuqua, "Light: science and magic", 1990 (bright and dark field).

/// The veil that an object is, with what it encloses, if it is one.
[[nodiscard]] std::optional<Veil> inspect_whole(const VeilClues& clues, const Body& cells);

/// The same of what may be joined to something else. It shows less of itself, and so has to show it
/// more clearly: all round, or by the light that falls through it.
/// @param piece without the cells beside other pieces, which are mixed with them
[[nodiscard]] std::optional<Veil> inspect_piece(const VeilClues& clues, const Piece& piece);

}  // namespace editprep::imaging
