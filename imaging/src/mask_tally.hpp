#pragma once

#include <cstdint>

#include "editprep/imaging/geometry.hpp"

namespace editprep::imaging {

/// What selected_bounds() and coverage_fraction() say of a mask, from its rows one by one.
class MaskTally {
public:
    explicit MaskTally(Size size) : size_(size) {}

    /// The next row; a null pointer, which costs nothing, is the row before once more.
    void add(const std::uint8_t* row) noexcept;

    /// Of the rows so far.
    [[nodiscard]] Rect bounds() const noexcept { return bounds_; }
    /// Share of the whole mask.
    [[nodiscard]] double coverage() const noexcept;

private:
    Size size_;
    int rows_ = 0;
    Rect bounds_;
    std::uint64_t sum_ = 0;
    /// Of the newest row.
    std::uint64_t row_sum_ = 0;
};

}  // namespace editprep::imaging
