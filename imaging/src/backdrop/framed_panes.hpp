#pragma once

#include <optional>
#include <vector>

#include "backdrop/rim_and_core.hpp"
#include "backdrop/veil_pieces.hpp"

namespace editprep::imaging {

/// An even face behind a frame that ends abruptly, such as a lens of spectacles.
struct FramedPane {
    Body cells;
    /// Nothing of it was taken for object: then it has no colours below.
    bool is_hole = false;
    /// The face's colour less the backdrop's light behind it.
    Rgb difference{};
    Rgb light{};
    /// How far the frame's colour is from the face's, in sRGB values.
    float frame = 0;
    /// A hole is no lens beside what has another frame than that.
    bool is_evenly_framed = false;
    /// The distance from its middle to its outline, in cells.
    float depth = 0;
    Point middle;
};

/// @param piece without the cells beside other pieces, which are mixed with them
/// @return a hole, too, as of two lenses one may be taken for one
[[nodiscard]] std::optional<FramedPane> inspect_pane(const VeilClues& clues, const Piece& piece);

/// Those that come as two of a kind, side by side, but for holes. One alone says little, as plates
/// have rims, and clocks and screens have frames; of pairs that hang together most are spectacles.
/// @param panes of one object
[[nodiscard]] std::vector<FramedPane> pairs_of(const std::vector<FramedPane>& panes);

}  // namespace editprep::imaging
