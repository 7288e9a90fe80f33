#pragma once

#include <cstdint>

namespace editprep::imaging {

/// What a cell belongs to, as far as outlines and the colours on both sides of them tell.
enum class Verdict : std::uint8_t {
    /// Nobody's outline, or a stretch too small to judge.
    unknown,
    /// Hangs together with the border of the picture without an edge between: backdrop, with its
    /// soft shadows.
    open,
    /// Set off by an edge, and different.
    object,
    /// The same, but with a rim, and hardly different behind it: the object may be glass there.
    pane,
    /// Set off by an edge, and no glass nor a hole, for it has lettering on it: paper, a screen, a
    /// dial, though it may look like the backdrop.
    print,
    /// Set off by an edge, and backdrop all the same: seen through the object, or in shadow.
    hole,
    /// Set off by an edge, and said to be backdrop whatever it looks like.
    told_backdrop,
    /// Outline between regions of the object.
    inner_edge,
    /// Outline between regions of the backdrop: something thin, or a shadow's edge.
    outer_edge,
    /// Outline between object and backdrop, within or without its strongest edge.
    object_side,
    backdrop_side,
};

/// Whether it is a region of the object.
[[nodiscard]] constexpr bool is_of_object(Verdict verdict) {
    return verdict == Verdict::object || verdict == Verdict::pane || verdict == Verdict::print;
}

}  // namespace editprep::imaging
