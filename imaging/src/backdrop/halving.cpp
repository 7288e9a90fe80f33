#include "backdrop/halving.hpp"

#include "simd.hpp"

namespace editprep::imaging {
namespace {

EDITPREP_SIMD_CLONES
void add_pairs(const float* __restrict from, float* __restrict to, int pairs) {
    for (int x = 0; x < pairs; ++x) {
        to[x] += from[2 * x] + from[2 * x + 1];
    }
}

}  // namespace

Size half(Size size) { return {(size.width + 1) / 2, (size.height + 1) / 2}; }

void add_halved(const float* from, float* to, int width) {
    add_pairs(from, to, width / 2);
    if (width % 2 != 0) {
        to[width / 2] += from[width - 1];
    }
}

Plane halve(const Plane& fine) {
    Plane coarse(half(fine.size()));
    for (int y = 0; y < fine.height(); ++y) {
        add_halved(fine.row(y), coarse.row(y / 2), fine.width());
    }
    return coarse;
}

}  // namespace editprep::imaging
