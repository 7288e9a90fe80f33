#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "backdrop/cell_memory.hpp"
#include "editprep/imaging/geometry.hpp"

/// Small rasters that the backdrop selection thinks on.
namespace editprep::imaging {

/// One value a cell, rows from top to bottom; fewer than 2^32 cells.
template <typename Value>
class Grid {
public:
    Grid() = default;
    explicit Grid(Size size, Value value = {})
        : size_(size), values_(static_cast<std::size_t>(size.area()), value) {}

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] int width() const noexcept { return size_.width; }
    [[nodiscard]] int height() const noexcept { return size_.height; }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    [[nodiscard]] std::size_t count() const noexcept { return values_.size(); }

    [[nodiscard]] Value* row(int y) noexcept { return values_.data() + offset(y); }
    [[nodiscard]] const Value* row(int y) const noexcept { return values_.data() + offset(y); }
    [[nodiscard]] Value& at(int x, int y) noexcept { return row(y)[x]; }
    [[nodiscard]] const Value& at(int x, int y) const noexcept { return row(y)[x]; }
    /// The place of a cell in reading order.
    [[nodiscard]] std::size_t index(int x, int y) const noexcept {
        return offset(y) + static_cast<std::size_t>(x);
    }
    [[nodiscard]] Point place(std::size_t i) const noexcept {
        const auto width = static_cast<std::size_t>(size_.width);
        return {static_cast<int>(i % width), static_cast<int>(i / width)};
    }
    [[nodiscard]] Value& operator[](std::size_t i) noexcept { return values_[i]; }
    [[nodiscard]] const Value& operator[](std::size_t i) const noexcept { return values_[i]; }

    /// Calls visit(j) for the up to four cells that share a side with cell i.
    template <typename Visit>
    void for_each_neighbour(std::size_t i, Visit&& visit) const {
        const auto width = static_cast<std::size_t>(size_.width);
        // Division by 64 bits takes several times as long.
        const std::uint32_t x =
            static_cast<std::uint32_t>(i) % static_cast<std::uint32_t>(size_.width);
        if (x > 0) {
            visit(i - 1);
        }
        if (x + 1 < width) {
            visit(i + 1);
        }
        if (i >= width) {
            visit(i - width);
        }
        if (i + width < count()) {
            visit(i + width);
        }
    }

    /// Calls visit(x, y) for a cell and the up to eight that share a side or a corner with it.
    template <typename Visit>
    void for_each_around(Point p, const Visit& visit) const {
        for (int y = std::max(0, p.y - 1); y <= std::min(size_.height - 1, p.y + 1); ++y) {
            for (int x = std::max(0, p.x - 1); x <= std::min(size_.width - 1, p.x + 1); ++x) {
                visit(x, y);
            }
        }
    }

    /// Whether one of the points is among the cells of a list.
    template <typename Cells>
    [[nodiscard]] bool has_any(const std::vector<Point>& points, const Cells& cells) const {
        return std::any_of(points.begin(), points.end(), [&](Point p) {
            return std::find(cells.begin(), cells.end(), index(p.x, p.y)) != cells.end();
        });
    }

    /// Lets the list `cells` grow from neighbour to neighbour, the nearest first: j, beside cell i
    /// of them, joins where enter(i, j) says so, which it may do once for each j.
    template <typename Cells, typename Enter>
    void flood(Cells& cells, Enter&& enter) const {
        for (std::size_t k = 0; k < cells.size(); ++k) {
            const std::size_t i = cells[k];
            for_each_neighbour(i, [&](std::size_t j) {
                if (enter(i, j)) {
                    cells.push_back(j);
                }
            });
        }
    }

private:
    [[nodiscard]] std::size_t offset(int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width);
    }

    Size size_;
    std::vector<Value, CellAllocator<Value>> values_;
};

using Plane = Grid<float>;

/// Red, green, blue in sRGB values, 0 to 255.
using Planes = std::array<Plane, 3>;

}  // namespace editprep::imaging
