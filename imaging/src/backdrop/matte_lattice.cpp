#include "backdrop/matte_lattice.hpp"

#include <algorithm>
#include <cstddef>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

Size nodes_for(Size picture, int pitch) {
    return {(picture.width + pitch - 1) / pitch, (picture.height + pitch - 1) / pitch};
}

EDITPREP_SIMD_CLONES
void mix_rows(const float* __restrict upper, const float* __restrict lower, float share,
              float* __restrict row, int count) {
    for (int i = 0; i < count; ++i) {
        row[i] = upper[i] + (lower[i] - upper[i]) * share;
    }
}

/// Pixel by pixel between the nodes of three rows, which begin, as `end` does, with the node before
/// the first pixel. What is written beyond the pixels between two nodes is written anew with the
/// next ones.
EDITPREP_SIMD_CLONES
void stretch_rows(const float* __restrict red_nodes, const float* __restrict green_nodes,
                  const float* __restrict blue_nodes, const int* __restrict end,
                  const float* __restrict share, float* __restrict red, float* __restrict green,
                  float* __restrict blue, int left, int right) {
    for (int node = 0, x = left; x < right; ++node) {
        const float red_near = red_nodes[node];
        const float red_next = red_nodes[node + 1];
        const float green_near = green_nodes[node];
        const float green_next = green_nodes[node + 1];
        const float blue_near = blue_nodes[node];
        const float blue_next = blue_nodes[node + 1];
        const int stop = std::min(end[node], right);
        for (; x < stop; x += Lattice::kStep) {
            for (int i = 0; i < Lattice::kStep; ++i) {
                red[x - left + i] = red_near + (red_next - red_near) * share[x + i];
                green[x - left + i] = green_near + (green_next - green_near) * share[x + i];
                blue[x - left + i] = blue_near + (blue_next - blue_near) * share[x + i];
            }
        }
        x = stop;
    }
}

}  // namespace

Lattice::Axis::Axis(int pixels, int pitch, int nodes)
    : first(static_cast<std::size_t>(pixels)),
      share_of_next(static_cast<std::size_t>(pixels + kStep)),
      end(static_cast<std::size_t>(nodes)) {
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const float place = (static_cast<float>(pixel) + 0.5F) / static_cast<float>(pitch) - 0.5F;
        const float inside = std::clamp(place, 0.0F, static_cast<float>(nodes - 1));
        const auto node = static_cast<int>(inside);
        first[static_cast<std::size_t>(pixel)] = node;
        share_of_next[static_cast<std::size_t>(pixel)] = inside - static_cast<float>(node);
        end[static_cast<std::size_t>(node)] = pixel + 1;
    }
}

Lattice::Lattice(Size picture, int pitch)
    : pitch_(pitch),
      nodes_(nodes_for(picture, pitch)),
      columns_(picture.width, pitch, nodes_.width),
      rows_(picture.height, pitch, nodes_.height) {}

void Lattice::read(const Planes& planes, int y, int left, int right, Rows& nodes,
                   Rows& values) const {
    const int upper = rows_.first[static_cast<std::size_t>(y)];
    const int lower = std::min(upper + 1, nodes_.height - 1);
    const int from = columns_.first[static_cast<std::size_t>(left)];
    const int last = columns_.first[static_cast<std::size_t>(right - 1)];
    const int to = std::min(last + 2, nodes_.width);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        float* const row = nodes[channel].data();
        mix_rows(planes[channel].row(upper) + from, planes[channel].row(lower) + from,
                 rows_.share_of_next[static_cast<std::size_t>(y)], row + from, to - from);
        row[last + 1] = row[to - 1];
    }
    stretch_rows(nodes[0].data() + from, nodes[1].data() + from, nodes[2].data() + from,
                 columns_.end.data() + from, columns_.share_of_next.data(), values[0].data(),
                 values[1].data(), values[2].data(), left, right);
}

float Lattice::read(const Plane& plane, int x, int y) const noexcept {
    const int upper = rows_.first[static_cast<std::size_t>(y)];
    const int lower = std::min(upper + 1, nodes_.height - 1);
    const int near = columns_.first[static_cast<std::size_t>(x)];
    const int next = std::min(near + 1, nodes_.width - 1);
    const float right = columns_.share_of_next[static_cast<std::size_t>(x)];
    const float down = rows_.share_of_next[static_cast<std::size_t>(y)];
    const auto along = [&](const float* row) {
        return row[near] + (row[next] - row[near]) * right;
    };
    return along(plane.row(upper)) * (1 - down) + along(plane.row(lower)) * down;
}

}  // namespace editprep::imaging
