#include "backdrop/random_walker.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

constexpr int kSmallest = 8;
constexpr int kSweeps = 16;
constexpr float kOverRelaxation = 1.7F;

/// Two by two cells become one: what they say adds up, and so do the ties that cross the border.
WalkerField halve(const WalkerField& fine) {
    const Size size{(fine.object.width() + 1) / 2, (fine.object.height() + 1) / 2};
    WalkerField coarse(size);
    for (int y = 0; y < fine.object.height(); ++y) {
        for (int x = 0; x < fine.object.width(); ++x) {
            coarse.object.at(x / 2, y / 2) += fine.object.at(x, y);
            coarse.backdrop.at(x / 2, y / 2) += fine.backdrop.at(x, y);
            if (x % 2 == 1) {
                coarse.to_right.at(x / 2, y / 2) += fine.to_right.at(x, y);
            }
            if (y % 2 == 1) {
                coarse.to_below.at(x / 2, y / 2) += fine.to_below.at(x, y);
            }
        }
    }
    return coarse;
}

void relax_row(const WalkerField& field, Plane& x, int y, int parity) {
    const int width = x.width();
    const bool above = y > 0;
    const bool below = y + 1 < x.height();
    float* row = x.row(y);
    const float* up = above ? x.row(y - 1) : row;
    const float* down = below ? x.row(y + 1) : row;
    const float* tie_up = above ? field.to_below.row(y - 1) : nullptr;
    const float* tie_down = field.to_below.row(y);
    const float* ties = field.to_right.row(y);
    const float* object = field.object.row(y);
    const float* backdrop = field.backdrop.row(y);
    for (int i = (y + parity) % 2; i < width; i += 2) {
        float sum = object[i];
        float weight = object[i] + backdrop[i];
        if (i > 0) {
            sum += ties[i - 1] * row[i - 1];
            weight += ties[i - 1];
        }
        if (i + 1 < width) {
            sum += ties[i] * row[i + 1];
            weight += ties[i];
        }
        if (above) {
            sum += tie_up[i] * up[i];
            weight += tie_up[i];
        }
        if (below) {
            sum += tie_down[i] * down[i];
            weight += tie_down[i];
        }
        row[i] += kOverRelaxation * (sum / weight - row[i]);
    }
}

}  // namespace

Plane solve(const WalkerField& field) {
    const Size size = field.object.size();
    Plane x(size, 0.5F);
    if (std::min(size.width, size.height) > kSmallest) {
        const Plane coarse = solve(halve(field));
        for (int y = 0; y < size.height; ++y) {
            for (int i = 0; i < size.width; ++i) {
                x.at(i, y) = coarse.at(i / 2, y / 2);
            }
        }
    }
    const int sweeps = std::min(size.width, size.height) > kSmallest ? kSweeps : 100;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (const int parity : {0, 1}) {
            for (int y = 0; y < size.height; ++y) {
                relax_row(field, x, y, parity);
            }
        }
    }
    for (std::size_t i = 0; i < x.count(); ++i) {
        x[i] = std::clamp(x[i], 0.0F, 1.0F);
    }
    return x;
}

}  // namespace editprep::imaging
