#pragma once

#include <optional>
#include <vector>

#include "backdrop/rim_and_core.hpp"
#include "backdrop/veil_pieces.hpp"

namespace editprep::imaging {

/// An even face behind a frame that ends abruptly, such as a lens of spectacles.
struct FramedPane {
    Body cells;
    /// The face's colour less the backdrop's light behind it.
    Rgb difference{};
    Rgb light{};
    /// How far the frame's colour is from the face's, in sRGB values.
    float frame = 0;
    /// The distance from its middle to its outline, in cells.
    float depth = 0;
    Point middle;
};

/// @param piece without the cells beside other pieces, which are mixed with them
[[nodiscard]] std::optional<FramedPane> inspect_pane(const VeilClues& clues, const Piece& piece);

/// Those that come as two of a kind, side by side. One alone says little, as plates have rims, and
/// clocks and screens have frames; of pairs most are spectacles.
[[nodiscard]] std::vector<FramedPane> pairs_of(const std::vector<FramedPane>& panes);

}  // namespace editprep::imaging
