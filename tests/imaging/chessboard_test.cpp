#include "backdrop/chessboard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace editprep::imaging {
namespace {

WalkerField random_field(Size size) {
    std::mt19937 random(17);
    std::uniform_real_distribution<float> share(0.001F, 1);
    WalkerField field(size);
    for (Plane* plane : {&field.object, &field.backdrop, &field.to_right, &field.to_below}) {
        for (std::size_t i = 0; i < plane->count(); ++i) {
            (*plane)[i] = share(random);
        }
    }
    return field;
}

/// Cell by cell, one colour after the other.
void relax_slowly(const WalkerField& field, Plane& x, int parity) {
    for (int y = 0; y < x.height(); ++y) {
        for (int i = (y + parity) % 2; i < x.width(); i += 2) {
            float sum = field.object.at(i, y);
            float weight = field.object.at(i, y) + field.backdrop.at(i, y);
            const auto pull = [&](float tie, float value) {
                sum += tie * value;
                weight += tie;
            };
            if (i > 0) {
                pull(field.to_right.at(i - 1, y), x.at(i - 1, y));
            }
            if (i + 1 < x.width()) {
                pull(field.to_right.at(i, y), x.at(i + 1, y));
            }
            if (y > 0) {
                pull(field.to_below.at(i, y - 1), x.at(i, y - 1));
            }
            if (y + 1 < x.height()) {
                pull(field.to_below.at(i, y), x.at(i, y + 1));
            }
            x.at(i, y) += 1.7F * (sum / weight - x.at(i, y));
        }
    }
}

TEST(Chessboard, RelaxesAsCellByCell) {
    for (const Size size :
         {Size{1, 1}, {1, 6}, {7, 1}, {2, 2}, {3, 3}, {16, 40}, {63, 5}, {64, 6}, {65, 70}}) {
        const WalkerField field = random_field(size);
        for (const int sweeps : {0, 1, 2, 16}) {
            Plane expected(size, 0.25F);
            for (int sweep = 0; sweep < sweeps; ++sweep) {
                relax_slowly(field, expected, 0);
                relax_slowly(field, expected, 1);
            }
            Chessboard board(field, Plane(size, 0.25F));
            board.relax(sweeps);
            const Plane values = board.values();
            for (std::size_t i = 0; i < values.count(); ++i) {
                ASSERT_NEAR(values[i], std::clamp(expected[i], 0.0F, 1.0F), 1e-5F)
                    << to_string(size) << " after " << sweeps << " sweeps, cell " << i;
            }
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
