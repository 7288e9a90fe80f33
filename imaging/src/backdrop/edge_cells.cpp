#include "backdrop/edge_cells.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace editprep::imaging {
namespace {

std::vector<Point> marked(const Grid<std::uint8_t>& cells) {
    std::vector<Point> points;
    for (int y = 0; y < cells.height(); ++y) {
        for (int x = 0; x < cells.width(); ++x) {
            if (cells.at(x, y) != 0) {
                points.push_back({x, y});
            }
        }
    }
    return points;
}

/// The weakest tie of a cell to a neighbour.
float weakest_tie(const WalkerField& ties, int x, int y) {
    const Size size = ties.to_right.size();
    float weakest = 1;
    if (x > 0) {
        weakest = std::min(weakest, ties.to_right.at(x - 1, y));
    }
    if (x + 1 < size.width) {
        weakest = std::min(weakest, ties.to_right.at(x, y));
    }
    if (y > 0) {
        weakest = std::min(weakest, ties.to_below.at(x, y - 1));
    }
    if (y + 1 < size.height) {
        weakest = std::min(weakest, ties.to_below.at(x, y));
    }
    return weakest;
}

}  // namespace

Grid<std::uint8_t> near_edges(const WalkerField& ties) {
    constexpr float kEdge = 0.5F;
    const Size size = ties.to_right.size();
    Grid<std::uint8_t> near(size);
    const auto mark = [&](int x, int y) {
        near.for_each_around({x, y}, [&](int i, int j) { near.at(i, j) = 1; });
    };
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (x + 1 < size.width && ties.to_right.at(x, y) < kEdge) {
                mark(x, y);
                mark(x + 1, y);
            }
            if (y + 1 < size.height && ties.to_below.at(x, y) < kEdge) {
                mark(x, y);
                mark(x, y + 1);
            }
        }
    }
    return near;
}

Grid<std::uint8_t> near_faint_edges(const WalkerField& ties, Grid<std::uint8_t> near) {
    constexpr float kFaintEdge = 0.9F;
    Grid<std::uint8_t> edge = near;
    std::vector<Point> followed = marked(edge);
    const std::size_t plain = followed.size();
    // Grows while it is read.
    for (std::size_t k = 0; k < followed.size(); ++k) {
        edge.for_each_around(followed[k], [&](int x, int y) {
            if (edge.at(x, y) == 0 && weakest_tie(ties, x, y) < kFaintEdge) {
                edge.at(x, y) = 1;
                followed.push_back({x, y});
            }
        });
    }
    for (std::size_t k = plain; k < followed.size(); ++k) {
        near.for_each_around(followed[k], [&](int x, int y) { near.at(x, y) = 1; });
    }
    return near;
}

}  // namespace editprep::imaging
