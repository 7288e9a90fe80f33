#pragma once

#include "backdrop/pockets.hpp"
#include "backdrop/region_look.hpp"
#include "backdrop/region_outlines.hpp"

/// By what a region with an edge around it is called backdrop or object, and a pocket of the open
/// backdrop an object whose outline has gaps.
namespace editprep::imaging {

/// Does not share much of its outline with the open backdrop.
[[nodiscard]] bool is_enclosed(const OpenSide& side);

/// Whether a region with an edge around it is backdrop all the same.
[[nodiscard]] bool is_backdrop(const RegionLook& look, int cells, const OpenSide& side);

/// Of backdrop with an edge around it: it may as well be paper, as it is lit like the backdrop or a
/// little less, and no shadow.
[[nodiscard]] bool may_be_paper(const RegionLook& look, const OpenSide& side);

/// Whether a region of an object is one through which the backdrop is seen, as through glass.
[[nodiscard]] bool is_pane(const RegionLook& look, int cells, const OpenSide& side);

/// More than a speck, and with few gaps around it.
[[nodiscard]] bool is_mostly_outlined(const Pocket& pocket);

/// Of a plateau: where it ends it mostly, or in good part, ends at once.
[[nodiscard]] bool is_partly_outlined(const Pocket& plateau);

/// Of a mostly outlined pocket: its colour is neither the backdrop's nor a shadow's on it.
[[nodiscard]] bool is_of_other_color(const RegionLook& look);

/// Of a mostly outlined pocket: it is well outlined, stands out, and is not what hard shadows are,
/// which are as dark all over: it varies, or is large and hardly darker.
[[nodiscard]] bool is_no_hard_shadow(const Pocket& pocket, const RegionLook& look);

/// Of a pocket that is no hard shadow: its outline differs, and what is within is the open
/// backdrop.
/// @param equal_share of its cells, those that do not differ from the light
[[nodiscard]] bool is_outline_only(const Pocket& pocket, const RegionLook& look,
                                   double equal_share);

/// Of a pocket that is no hard shadow: a crisp edge sets it off from the open backdrop, as nothing
/// but an object has it.
/// @param surround of the pocket as a region of its own, gaps included
/// @param side of the same
[[nodiscard]] bool is_set_off(const Pocket& pocket, const RegionLook& look,
                              const Surround& surround, const OpenSide& side);

/// Of a partly outlined plateau: its edge to the open backdrop is one of the crispest of this
/// picture, as a shadow's, which goes over into something else at its other sides, is not. Of an
/// even face little of that edge is enough, if it is the crisper.
[[nodiscard]] bool is_crisply_set_off(const RegionLook& look, const OpenSide& side);

}  // namespace editprep::imaging
