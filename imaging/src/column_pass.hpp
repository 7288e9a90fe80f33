#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "editprep/imaging/pixel_buffer.hpp"
#include "extended_box.hpp"
#include "row_sink.hpp"

namespace editprep::imaging {

/// One box pass along the columns of rows that come one by one; the rows above the first and below
/// the last equal these. Rows are looked at in blocks of kBoxLanes bytes: a block that has not
/// changed for as many rows as the window is high keeps its sums and its values.
class ColumnPass {
public:
    /// @param stride bytes in a row, a multiple of kBoxLanes
    ColumnPass(int height, std::size_t stride, const ExtendedBox& box, RowSink sink);
    ColumnPass(const ColumnPass&) = delete;
    ColumnPass& operator=(const ColumnPass&) = delete;

    /// The next row, or a null pointer for the row before once more; `height` times.
    void push(const std::uint8_t* row);

private:
    static constexpr int kNever = std::numeric_limits<int>::min();

    /// Where to find a row that is held; outside of the picture, the first or the last one.
    [[nodiscard]] const std::uint8_t*& row_at(int y);
    void start(const std::uint8_t* row);
    void keep(const std::uint8_t* row, int y);
    template <class Work>
    void for_changing(int y, Work work);
    void step(int y);
    void slide(int y, int times);
    void finish();

    int height_;
    std::size_t stride_;
    ExtendedBox box_;
    RowSink sink_;
    /// As many rows as a window sees, its partial ones included.
    std::size_t held_;
    /// The held rows that differ from the one above, in rotation.
    PixelBuffer room_;
    std::size_t next_room_ = 0;
    std::vector<const std::uint8_t*> rows_;
    int pushed_ = 0;
    /// Per block, the last row that differs there from the one above.
    std::vector<int> last_change_;
    int newest_change_ = kNever;
    /// Of the window around the next row.
    std::vector<std::uint32_t> sums_;
    std::vector<std::uint8_t> out_;
};

}  // namespace editprep::imaging
