#pragma once

#include "palette.hpp"
#include "random.hpp"
#include "sprite.hpp"

/// Things to draw; `turn` goes through the kinds, so that a row of pictures has all of them.
namespace editprep::benchmarks {

/// Boxes, bottles, shoes, gadgets, toys, stones, and groups of them: no way through.
[[nodiscard]] Object solid_object(const Palette& palette, int turn, Random& random);
/// Mugs, rings, frames, scissors, chairs, baskets, keys: backdrop shows through holes.
[[nodiscard]] Object holed_object(const Palette& palette, int turn, Random& random);
/// Cables, chains, wheels, whisks, brushes, grids, plants, bags with straps.
[[nodiscard]] Object thin_object(const Palette& palette, int turn, Random& random);
/// Tumblers, bottles, bowls, film and tinted lenses: really partial cover.
[[nodiscard]] Object glass_object(const Palette& palette, int turn, Random& random);

}  // namespace editprep::benchmarks
