#pragma once

#include <cstddef>
#include <cstdint>

namespace editprep::imaging {

/// One row of samples and the row above it (zeros for the first), `pixel` bytes a pixel.
struct FilterRows {
    const std::uint8_t* row;
    const std::uint8_t* above;
    std::size_t bytes;
    std::size_t pixel;
};

/// Writes the row as PNG stores it (W3C's second edition, section 9): the number of its filter,
/// then the differences from what that predicts, `bytes + 1` in all. Here the filter is Up.
void filter_up(const FilterRows& rows, std::uint8_t* out);
/// The same with the filter whose differences have the least sum of magnitudes (section 12.8), or
/// with Up where that makes more pixels repeat others.
void filter_adaptively(const FilterRows& rows, std::uint8_t* out);
/// The same for a row that equals the one above.
void filter_repeated(std::size_t bytes, std::uint8_t* out);

}  // namespace editprep::imaging
