#include "column_pass.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Copies a row and notes `y` for every block that differs from the row above.
/// @returns whether there is one
EDITPREP_SIMD_CLONES
bool copy_noting_changes(const std::uint8_t* __restrict row, const std::uint8_t* __restrict above,
                         std::uint8_t* __restrict copy, int y, int* __restrict last_change,
                         std::size_t blocks) {
    bool found = false;
    for (std::size_t block = 0; block < blocks; ++block) {
        std::uint64_t differences = 0;
        for (std::size_t i = block * kBoxLanes; i < (block + 1) * kBoxLanes; i += 8) {
            std::uint64_t eight = 0;
            std::uint64_t eight_above = 0;
            std::memcpy(&eight, row + i, sizeof(eight));
            std::memcpy(&eight_above, above + i, sizeof(eight));
            std::memcpy(copy + i, &eight, sizeof(eight));
            differences |= eight ^ eight_above;
        }
        if (differences != 0) {
            last_change[block] = y;
            found = true;
        }
    }
    return found;
}

}  // namespace

ColumnPass::ColumnPass(int height, std::size_t stride, const ExtendedBox& box, RowSink sink)
    : height_(height),
      stride_(stride),
      box_(box),
      sink_(std::move(sink)),
      held_(static_cast<std::size_t>(std::min(height, 2 * box.radius + 3))),
      room_(held_ * stride_),
      rows_(held_),
      last_change_(stride / kBoxLanes, kNever),
      sums_(stride_),
      out_(stride_) {}

void ColumnPass::push(const std::uint8_t* row) {
    const int y = pushed_++;
    if (row == nullptr) {
        row_at(y) = row_at(y - 1);
    } else if (y == 0) {
        start(row);
    } else {
        keep(row, y);
    }
    step(y - box_.radius - 1);
    if (pushed_ == height_) {
        finish();
    }
}

const std::uint8_t*& ColumnPass::row_at(int y) {
    return rows_[static_cast<std::size_t>(std::clamp(y, 0, height_ - 1)) % held_];
}

/// The first row is also all rows before it.
void ColumnPass::start(const std::uint8_t* row) {
    std::memcpy(room_.data(), row, stride_);
    std::memcpy(out_.data(), row, stride_);
    row_at(0) = room_.data();
    next_room_ = 1 % held_;
    std::transform(row, row + stride_, sums_.begin(), [this](std::uint8_t value) {
        return value * static_cast<std::uint32_t>(2 * box_.radius + 1);
    });
}

void ColumnPass::keep(const std::uint8_t* row, int y) {
    const std::uint8_t* const above = row_at(y - 1);
    // No row lies there that is still looked at.
    std::uint8_t* const room = room_.data() + next_room_ * stride_;
    row_at(y) = above;
    if (copy_noting_changes(row, above, room, y, last_change_.data(), last_change_.size())) {
        row_at(y) = room;
        next_room_ = (next_room_ + 1) % held_;
        newest_change_ = y;
    }
}

/// Calls work(offset, bytes) for every stretch of blocks that the windows of row y - 1 and row
/// y do not see unchanged.
template <class Work>
void ColumnPass::for_changing(int y, Work work) {
    const int oldest = y - box_.radius - 1;
    if (newest_change_ < oldest) {
        return;
    }
    const auto is_quiet = [&](int change) { return change < oldest; };
    const auto begin = last_change_.begin();
    const auto end = last_change_.end();
    for (auto from = std::find_if_not(begin, end, is_quiet); from != end;) {
        const auto to = std::find_if(from, end, is_quiet);
        work(static_cast<std::size_t>(from - begin) * kBoxLanes,
             static_cast<std::size_t>(to - from) * kBoxLanes);
        from = std::find_if_not(to, end, is_quiet);
    }
}

/// The window around row y, whose last row has come, moves on; above the picture nobody wants
/// to see what it makes.
void ColumnPass::step(int y) {
    if (y < 0) {
        slide(y, 1);
        return;
    }
    const std::uint8_t* const before = row_at(y - box_.radius - 1);
    const std::uint8_t* const leaving = row_at(y - box_.radius);
    const std::uint8_t* const entering = row_at(y + box_.radius + 1);
    bool is_new = y == 0;
    for_changing(y, [&](std::size_t at, std::size_t bytes) {
        box_step(sums_.data() + at, before + at, leaving + at, entering + at, out_.data() + at,
                 box_, bytes);
        is_new = true;
    });
    sink_(is_new ? out_.data() : nullptr);
}

/// As many steps above the picture, from row y on, all with the newest row entering.
void ColumnPass::slide(int y, int times) {
    const std::uint8_t* const leaving = row_at(0);
    const std::uint8_t* const entering = row_at(pushed_ - 1);
    for_changing(y, [&](std::size_t at, std::size_t bytes) {
        slide_box(sums_.data() + at, leaving + at, entering + at, static_cast<std::uint32_t>(times),
                  bytes);
    });
}

/// The last row is also all rows after it.
void ColumnPass::finish() {
    int y = height_ - 1 - box_.radius;
    if (y < 0) {
        slide(y, -y);
        y = 0;
    }
    for (; y < height_; ++y) {
        step(y);
    }
}

}  // namespace editprep::imaging
