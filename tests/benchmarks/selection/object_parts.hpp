#pragma once

#include <cstddef>

#include "palette.hpp"
#include "random.hpp"
#include "sprite.hpp"

/// What the makers of objects share.
namespace editprep::benchmarks {

/// Any pattern, roundness and gloss, around the colour.
[[nodiscard]] Material material_of(Rgb colour, const Palette& palette, Random& random);
/// One colour, slightly mottled.
[[nodiscard]] Material plain(Rgb colour, double relief, double gloss = 0.1);

void append(Object& object, Object more);
[[nodiscard]] Object moved(Object object, const Placement& placement);

/// Draws one kind of object.
using Maker = Object (*)(const Palette&, Random&);

template <std::size_t count>
[[nodiscard]] Object make(const Maker (&makers)[count], const Palette& palette, int turn,
                          Random& random) {
    return makers[static_cast<std::size_t>(turn) % count](palette, random);
}

/// Body, cap and label, in this order.
[[nodiscard]] Object bottle(const Palette& palette, Random& random);
[[nodiscard]] Object pebble(const Palette& palette, Random& random);

}  // namespace editprep::benchmarks
