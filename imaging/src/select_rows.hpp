#pragma once

#include <cstdint>
#include <optional>

#include "bits/bit_mask.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "rows/row_reader.hpp"

/// SelectionMode::alpha and corner_bg on rows: a picture becomes one bit a pixel and is never whole
/// in memory. Pixels are selected as select_object (object_selection.hpp) does.
namespace editprep::imaging {

/// The square of a threshold, such that `distance >= threshold` is the same as
/// `distance^2 >= squared_threshold(threshold)`.
[[nodiscard]] int squared_threshold(int threshold) noexcept;

/// What alpha says is certain (confidence 1), unless it selects everything or nothing (0).
void judge_alpha(std::int64_t selected, std::int64_t pixels, SelectionFacts& facts);

/// Requires RGBA rows.
[[nodiscard]] BitMask select_opaque(RowReader& rows, int threshold);

/// The pixels that far from a backdrop that is known.
[[nodiscard]] BitMask select_distant(RowReader& rows, Color backdrop, int threshold);

struct CornerSelection {
    /// The mean of the four corners.
    Color backdrop;
    /// Nothing when the upper corners said too little about the lower ones: the rows are needed
    /// again, for select_distant.
    std::optional<BitMask> bits;
};

/// In one pass, though the lower corners come last: the mean of the upper ones is taken for the
/// backdrop, the few pixels that a small error of it could change are remembered, and these are
/// settled at the end. For squares of many samples, which would have to be kept, it only takes the
/// mean.
[[nodiscard]] CornerSelection select_by_corners(RowReader& rows, int sample_size, int threshold);

}  // namespace editprep::imaging
