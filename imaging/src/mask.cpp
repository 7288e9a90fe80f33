#include "editprep/imaging/mask.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "editprep/imaging/error.hpp"
#include "mask_tally.hpp"

namespace editprep::imaging {
namespace {

PixelBuffer allocate(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "a mask needs a positive size, not " + to_string(size));
    }
    return PixelBuffer(static_cast<std::size_t>(size.area()));
}

MaskTally tally_of(const Mask& mask) noexcept {
    MaskTally tally(mask.size());
    for (int y = 0; y < mask.height(); ++y) {
        tally.add(mask.row(y));
    }
    return tally;
}

}  // namespace

Mask::Mask(Size size) : size_(size), values_(allocate(size)) {}

Mask::Mask(Size size, std::uint8_t value) : Mask(size) {
    std::memset(values_.data(), value, values_.size());
}

bool operator==(const Mask& a, const Mask& b) noexcept {
    return a.size_ == b.size_ && std::ranges::equal(a.bytes(), b.bytes());
}

Rect selected_bounds(const Mask& mask) noexcept { return tally_of(mask).bounds(); }

double coverage_fraction(const Mask& mask) noexcept { return tally_of(mask).coverage(); }

}  // namespace editprep::imaging
