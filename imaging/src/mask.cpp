#include "editprep/imaging/mask.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "editprep/imaging/error.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

PixelBuffer allocate(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "a mask needs a positive size, not " + to_string(size));
    }
    return PixelBuffer(static_cast<std::size_t>(size.area()));
}

EDITPREP_SIMD_CLONES
std::uint64_t sum(const std::uint8_t* values, std::size_t count) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        total += values[i];
    }
    return total;
}

bool is_selected(std::uint8_t value) { return value != 0; }

}  // namespace

Mask::Mask(Size size) : size_(size), values_(allocate(size)) {}

Mask::Mask(Size size, std::uint8_t value) : Mask(size) {
    std::memset(values_.data(), value, values_.size());
}

bool operator==(const Mask& a, const Mask& b) noexcept {
    return a.size_ == b.size_ && std::ranges::equal(a.bytes(), b.bytes());
}

Rect selected_bounds(const Mask& mask) noexcept {
    Rect bounds{mask.width(), 0, 0, 0};
    bool found = false;
    for (int y = 0; y < mask.height(); ++y) {
        const std::uint8_t* row = mask.row(y);
        const std::uint8_t* end = row + mask.width();
        const std::uint8_t* first = std::find_if(row, end, is_selected);
        if (first == end) {
            continue;
        }
        const std::uint8_t* last = end;
        while (!is_selected(*--last)) {
        }
        if (!found) {
            bounds.top = y;
            found = true;
        }
        bounds.bottom = y + 1;
        bounds.left = std::min(bounds.left, static_cast<int>(first - row));
        bounds.right = std::max(bounds.right, static_cast<int>(last - row) + 1);
    }
    return found ? bounds : Rect{};
}

double coverage_fraction(const Mask& mask) noexcept {
    const std::span<const std::uint8_t> values = mask.bytes();
    return static_cast<double>(sum(values.data(), values.size())) /
           (255.0 * static_cast<double>(values.size()));
}

}  // namespace editprep::imaging
