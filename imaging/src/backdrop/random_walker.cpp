#include "backdrop/random_walker.hpp"

#include <algorithm>

#include "backdrop/chessboard.hpp"
#include "backdrop/halving.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr int kSmallest = 8;
constexpr int kSweeps = 16;
constexpr int kSweepsOfSmallest = 100;

/// What two by two cells say adds up, and so do the ties that cross the border to the next ones.
WalkerField halve(const WalkerField& fine) {
    WalkerField coarse({0, 0});
    coarse.object = halve(fine.object);
    coarse.backdrop = halve(fine.backdrop);
    const Size size = coarse.object.size();
    coarse.to_right = Plane(size);
    coarse.to_below = Plane(size);
    for (int y = 0; y < fine.object.height(); ++y) {
        const float* ties = fine.to_right.row(y);
        float* sums = coarse.to_right.row(y / 2);
        for (int x = 0; x < fine.object.width() / 2; ++x) {
            sums[x] += ties[2 * x + 1];
        }
    }
    for (int y = 1; y < fine.object.height(); y += 2) {
        add_halved(fine.to_below.row(y), coarse.to_below.row(y / 2), fine.object.width());
    }
    return coarse;
}

/// From the field of half the size.
Plane first_guess(const WalkerField& field) {
    const Plane coarse = solve(halve(field));
    Plane guess(field.object.size());
    for (int y = 0; y < guess.height(); ++y) {
        const float* from = coarse.row(y / 2);
        float* to = guess.row(y);
        for (int x = 0; x < guess.width(); ++x) {
            to[x] = from[x / 2];
        }
    }
    return guess;
}

}  // namespace

Plane solve(const WalkerField& field) {
    const Size size = field.object.size();
    const bool is_smallest = std::min(size.width, size.height) <= kSmallest;
    Chessboard board(field, is_smallest ? Plane(size, 0.5F) : first_guess(field));
    board.relax(is_smallest ? kSweepsOfSmallest : kSweeps);
    return board.values();
}

}  // namespace editprep::imaging
