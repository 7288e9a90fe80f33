#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

/// Mask: which pixels an edit may change.
namespace editprep::imaging {

/// One 8-bit channel: 255 = selected = edit here, 0 = keep, between = partial.
class Mask {
public:
    /// An empty mask, 0x0; no function but assignment takes it.
    Mask() = default;
    /// Values are not initialised. Sides must be positive.
    explicit Mask(Size size);
    /// Every pixel has the same value.
    Mask(Size size, std::uint8_t value);

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] int width() const noexcept { return size_.width; }
    [[nodiscard]] int height() const noexcept { return size_.height; }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

    [[nodiscard]] std::uint8_t* row(int y) noexcept { return values_.data() + offset(y); }
    [[nodiscard]] const std::uint8_t* row(int y) const noexcept {
        return values_.data() + offset(y);
    }
    [[nodiscard]] std::span<std::uint8_t> bytes() noexcept {
        return {values_.data(), values_.size()};
    }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
        return {values_.data(), values_.size()};
    }

    friend bool operator==(const Mask& a, const Mask& b) noexcept;

private:
    [[nodiscard]] std::size_t offset(int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width);
    }

    Size size_;
    PixelBuffer values_;
};

/// The smallest rectangle that holds every non-zero pixel; empty when there is none.
[[nodiscard]] Rect selected_bounds(const Mask& mask) noexcept;
/// Selected share of the picture in [0, 1]; partial pixels count partially.
[[nodiscard]] double coverage_fraction(const Mask& mask) noexcept;

}  // namespace editprep::imaging
