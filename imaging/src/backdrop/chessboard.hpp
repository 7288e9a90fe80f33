#pragma once

#include <array>
#include <cstddef>

#include "backdrop/random_walker.hpp"

namespace editprep::imaging {

/// The cells of a field in two halves, as the fields of a chessboard: the neighbours of a black
/// cell are all white, so that all black ones can be relaxed at once, from memory without gaps.
/// Source: D. M. Young, "Iterative solution of large linear systems", 1971 (successive
/// over-relaxation in red-black order).
class Chessboard {
public:
    /// @param guess what the relaxation starts from
    Chessboard(const WalkerField& field, const Plane& guess);

    /// Relaxes the cells of either colour so often, in turns.
    void relax(int sweeps);

    /// In each cell what the relaxation has come to, 0 to 1.
    [[nodiscard]] Plane values() const;

private:
    /// The cells of one colour. Every row has room for a neighbour before its first and behind its
    /// last cell, and there is a row above the first and below the last; a tie of 0 leads there.
    struct Half {
        CellVector<float> value;
        CellVector<float> object;
        /// All that pulls at a cell: both opinions and the four ties.
        CellVector<float> weight;
        /// To the next cell of the row and of the column, which are of the other colour.
        CellVector<float> to_right;
        CellVector<float> to_below;
    };

    /// Column of the first cell of that colour.
    [[nodiscard]] static int first_column(int y, std::size_t colour) {
        return (y + static_cast<int>(colour)) % 2;
    }
    [[nodiscard]] int cells_in_row(int y, std::size_t colour) const {
        return (size_.width - first_column(y, colour) + 1) / 2;
    }
    /// Where the first cell of row y is kept.
    [[nodiscard]] std::size_t row(int y) const {
        return static_cast<std::size_t>(y + 1) * stride_ + 1;
    }
    void read_row(const WalkerField& field, const Plane& guess, int y, std::size_t colour);
    void relax_row(int y, std::size_t colour);

    Size size_;
    std::size_t stride_;
    std::array<Half, 2> halves_;
};

}  // namespace editprep::imaging
