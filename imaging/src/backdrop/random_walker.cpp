#include "backdrop/random_walker.hpp"

#include <algorithm>

#include "backdrop/chessboard.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr int kSmallest = 8;
constexpr int kSweeps = 16;
constexpr int kSweepsOfSmallest = 100;

EDITPREP_SIMD_CLONES
void add_pairs(const float* __restrict from, float* __restrict to, int pairs) {
    for (int x = 0; x < pairs; ++x) {
        to[x] = to[x] + from[2 * x] + from[2 * x + 1];
    }
}

/// Two by two cells become one.
Plane halve(const Plane& fine) {
    Plane coarse({(fine.width() + 1) / 2, (fine.height() + 1) / 2});
    const int pairs = fine.width() / 2;
    for (int y = 0; y < fine.height(); ++y) {
        add_pairs(fine.row(y), coarse.row(y / 2), pairs);
        if (fine.width() % 2 != 0) {
            coarse.at(pairs, y / 2) += fine.at(2 * pairs, y);
        }
    }
    return coarse;
}

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
        add_pairs(fine.to_below.row(y), coarse.to_below.row(y / 2), fine.object.width() / 2);
        if (fine.object.width() % 2 != 0) {
            coarse.to_below.at(size.width - 1, y / 2) +=
                fine.to_below.at(fine.object.width() - 1, y);
        }
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
