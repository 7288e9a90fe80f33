#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/opponent.hpp"
#include "backdrop/plane.hpp"
#include "backdrop/random_walker.hpp"

namespace editprep::imaging {

/// What a cell may be, as far as the paper below some lettering goes.
enum class Ground : std::uint8_t {
    /// Does not look like the backdrop.
    different,
    /// Looks like the backdrop: a hole, or paper.
    alike,
    /// Backdrop that is no hole.
    open,
};

/// The cells of a label with its lettering, or of a dial with its hands.
using Print = CellVector<std::size_t>;

/// Stretches that look like the backdrop, have no way to where it is open, and have something in
/// them that nothing holds, as nothing that is seen through a hole has. Not those of exactly the
/// backdrop's colour, which is more than paper has, unless all is white.
/// @param smooth the cells' differences from the light, smoothed
/// @param light the backdrop's, by cell
/// @param ties between neighbours; below a half is an edge, across which no stretch goes on
[[nodiscard]] std::vector<Print> find_prints(const Grid<Ground>& ground,
                                             const OpponentPlanes& smooth, const Planes& light,
                                             const WalkerField& ties);

}  // namespace editprep::imaging
