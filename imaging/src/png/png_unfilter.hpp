#pragma once

#include <cstddef>
#include <cstdint>

namespace editprep::imaging {

/// A row of samples as the file has it, and the places around it.
struct FilteredRow {
    const std::uint8_t* __restrict filtered;
    /// The row above, unfiltered; zeros above the first.
    const std::uint8_t* __restrict above;
    /// Where the unfiltered row goes; apart from both.
    std::uint8_t* __restrict out;
    /// Of the row.
    std::size_t bytes;
    /// From a sample to its neighbour on the right: 1 to 8.
    std::size_t pixel_bytes;
};

/// Undoes a row's filter: 0 none, 1 Sub, 2 Up, 3 Average, 4 Paeth. False for any other number.
/// Source: ISO/IEC 15948:2004 (PNG), section 9.
[[nodiscard]] bool png_unfilter(unsigned filter, const FilteredRow& row);

/// The same in plain C++ alone, sample by sample.
[[nodiscard]] bool png_unfilter_plain(unsigned filter, const FilteredRow& row);

}  // namespace editprep::imaging
