#include "backdrop/chessboard.hpp"

#include <algorithm>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr float kOverRelaxation = 1.7F;

/// What pulls at the cells of a row, and the values it pulls to.
struct Pull {
    const float* tie;
    const float* value;
};

EDITPREP_SIMD_CLONES
void relax_cells(const float* object, const float* weight, Pull left, Pull right, Pull above,
                 Pull below, float* __restrict value, int count) {
    for (int i = 0; i < count; ++i) {
        float sum = object[i];
        sum += left.tie[i] * left.value[i];
        sum += right.tie[i] * right.value[i];
        sum += above.tie[i] * above.value[i];
        sum += below.tie[i] * below.value[i];
        value[i] += kOverRelaxation * (sum / weight[i] - value[i]);
    }
}

}  // namespace

Chessboard::Chessboard(const WalkerField& field, const Plane& guess)
    : size_(field.object.size()), stride_(static_cast<std::size_t>(size_.width + 1) / 2 + 2) {
    const std::size_t room = stride_ * static_cast<std::size_t>(size_.height + 2);
    for (Half& half : halves_) {
        for (auto* values :
             {&half.value, &half.object, &half.weight, &half.to_right, &half.to_below}) {
            values->resize(room);
        }
    }
    for (int y = 0; y < size_.height; ++y) {
        read_row(field, guess, y, 0);
        read_row(field, guess, y, 1);
    }
}

void Chessboard::read_row(const WalkerField& field, const Plane& guess, int y, std::size_t colour) {
    Half& half = halves_[colour];
    const float* ties = field.to_right.row(y);
    const float* above = y > 0 ? field.to_below.row(y - 1) : nullptr;
    const float* below = y + 1 < size_.height ? field.to_below.row(y) : nullptr;
    std::size_t k = row(y);
    for (int x = first_column(y, colour); x < size_.width; x += 2, ++k) {
        const float object = field.object.at(x, y);
        half.value[k] = guess.at(x, y);
        half.object[k] = object;
        half.to_right[k] = x + 1 < size_.width ? ties[x] : 0;
        half.to_below[k] = below != nullptr ? below[x] : 0;
        half.weight[k] = object + field.backdrop.at(x, y) + (x > 0 ? ties[x - 1] : 0) +
                         half.to_right[k] + (above != nullptr ? above[x] : 0) + half.to_below[k];
    }
}

void Chessboard::relax_row(int y, std::size_t colour) {
    Half& own = halves_[colour];
    const Half& other = halves_[1 - colour];
    const std::size_t at = row(y);
    // The other colour's cells of a row begin one column later or earlier.
    const std::size_t right = at + static_cast<std::size_t>(first_column(y, colour));
    const std::size_t left = right - 1;
    const std::size_t above = at - stride_;
    const std::size_t below = at + stride_;
    relax_cells(own.object.data() + at, own.weight.data() + at,
                {other.to_right.data() + left, other.value.data() + left},
                {own.to_right.data() + at, other.value.data() + right},
                {other.to_below.data() + above, other.value.data() + above},
                {own.to_below.data() + at, other.value.data() + below}, own.value.data() + at,
                cells_in_row(y, colour));
}

/// A row can be relaxed as soon as the turn before has passed the row below it. So the turns follow
/// each other down the board, a row apart, and their rows stay in the cache.
void Chessboard::relax(int sweeps) {
    const int turns = 2 * sweeps;
    for (int front = 0; front < size_.height + turns - 1; ++front) {
        const int last = std::min(turns - 1, front);
        for (int turn = std::max(0, front - size_.height + 1); turn <= last; ++turn) {
            relax_row(front - turn, static_cast<std::size_t>(turn % 2));
        }
    }
}

Plane Chessboard::values() const {
    Plane result(size_);
    for (int y = 0; y < size_.height; ++y) {
        for (std::size_t colour = 0; colour < 2; ++colour) {
            const float* value = halves_[colour].value.data() + row(y);
            for (int x = first_column(y, colour); x < size_.width; x += 2) {
                result.at(x, y) = std::clamp(*value++, 0.0F, 1.0F);
            }
        }
    }
    return result;
}

}  // namespace editprep::imaging
