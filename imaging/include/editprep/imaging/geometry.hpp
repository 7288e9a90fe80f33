#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

/// Sizes, points, rectangles and margins in whole pixels.
namespace editprep::imaging {

/// Width and height in pixels; both are positive wherever an image or a mask has that size.
struct Size {
    int width = 0;
    int height = 0;

    /// Number of pixels; 64 bits, so it cannot overflow.
    [[nodiscard]] constexpr std::int64_t area() const noexcept {
        return std::int64_t{width} * height;
    }
    friend constexpr bool operator==(const Size&, const Size&) = default;
};

struct Point {
    int x = 0;
    int y = 0;
    friend constexpr bool operator==(const Point&, const Point&) = default;
};

/// Half-open rectangle: left <= x < right, top <= y < bottom. Empty when a side is not positive.
struct Rect {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;

    [[nodiscard]] constexpr int width() const noexcept { return right - left; }
    [[nodiscard]] constexpr int height() const noexcept { return bottom - top; }
    [[nodiscard]] constexpr Size size() const noexcept { return {width(), height()}; }
    [[nodiscard]] constexpr bool empty() const noexcept { return right <= left || bottom <= top; }
    friend constexpr bool operator==(const Rect&, const Rect&) = default;
};

/// `4000x3000`.
[[nodiscard]] std::string to_string(Size size);

/// The rectangle that covers a whole image of that size.
[[nodiscard]] constexpr Rect bounds_of(Size size) noexcept {
    return {0, 0, size.width, size.height};
}

/// The part that two rectangles share; empty (all zero) when they do not meet.
[[nodiscard]] constexpr Rect intersect(const Rect& a, const Rect& b) noexcept {
    const Rect both{std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
                    std::min(a.bottom, b.bottom)};
    return both.empty() ? Rect{} : both;
}

/// The rectangle grown by `pixels` on every side.
[[nodiscard]] constexpr Rect outset(const Rect& rect, int pixels) noexcept {
    return {rect.left - pixels, rect.top - pixels, rect.right + pixels, rect.bottom + pixels};
}

/// Pixels to add (positive) or to cut off (negative) on each side.
struct Margins {
    int left = 0;
    int right = 0;
    int top = 0;
    int bottom = 0;
    friend constexpr bool operator==(const Margins&, const Margins&) = default;
};

}  // namespace editprep::imaging
