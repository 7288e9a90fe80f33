#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "editprep/imaging/pixel_buffer.hpp"
#include "resize_axis.hpp"

namespace editprep::imaging {

/// The rows of a resampled raster, from top to bottom: each row of the input is resampled along x
/// once, kept as long as rows of the output need it, and these are then its weighted sums.
class ResizeRows {
public:
    /// Gives the packed rows [first, first + count) of the input, valid until the next call; asked
    /// from top to bottom, and once for each row.
    using Input = std::function<const std::uint8_t*(int first, int count)>;

    /// @param channels interleaved bytes a pixel
    /// @param input_width in pixels; `input` gives whole rows, whatever part of them is needed
    /// @param across the columns of the output, @param down its rows; they must outlive this
    ResizeRows(Input input, std::size_t channels, int input_width, std::span<const Taps> across,
               std::span<const Taps> down);

    /// Writes the next row: across.size() pixels. To be called down.size() times.
    void next(std::uint8_t* row);

    /// How many rows of the output's width are held at a time.
    [[nodiscard]] static std::size_t rows_held(std::span<const Taps> down);

private:
    void fetch_until(int end);
    void make_room(int count, int first_needed);
    void resize_across(const std::uint8_t* rows, std::size_t count, std::uint8_t* out);
    void resize_block(const std::uint8_t* rows, std::size_t count, std::span<const Taps> block,
                      std::uint8_t* out);

    [[nodiscard]] std::uint8_t* held_row(int y) noexcept {
        return held_.data() + static_cast<std::size_t>(y - held_from_) * out_stride_;
    }

    Input input_;
    std::size_t channels_;
    std::span<const Taps> across_;
    std::span<const Taps> down_;
    std::size_t in_stride_;
    std::size_t out_stride_;
    std::size_t rows_made_ = 0;
    /// Rows [held_from_, held_until_) of the input, resampled along x.
    PixelBuffer held_;
    int held_from_;
    int held_until_;
    /// Rows turned into lanes, before and after.
    std::vector<std::uint8_t> in_tile_;
    PixelBuffer out_tile_;
};

}  // namespace editprep::imaging
