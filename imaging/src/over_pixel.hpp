#pragma once

#include <cstdint>
#include <cstring>

namespace editprep::imaging {

/// One RGBA pixel over another, straight alpha, in the fixed-point arithmetic of Pillow's
/// alpha_composite (7 extra bits): the compatibility cases are exact to the bit.
inline void over_pixel(const std::uint8_t* front, std::uint8_t* back) noexcept {
    constexpr std::uint32_t kPrecisionBits = 7;
    const auto divide_255 = [](std::uint32_t v) { return (v + (v >> 8)) >> 8; };
    const std::uint32_t front_alpha = front[3];
    const std::uint32_t both = 255 * front_alpha + back[3] * (255 - front_alpha);
    const std::uint32_t front_share = (front_alpha * 255 * 255 << kPrecisionBits) / both;
    const std::uint32_t back_share = (255U << kPrecisionBits) - front_share;
    for (std::size_t c = 0; c < 3; ++c) {
        const std::uint32_t mixed =
            front[c] * front_share + back[c] * back_share + (128U << kPrecisionBits);
        back[c] = static_cast<std::uint8_t>(divide_255(mixed) >> kPrecisionBits);
    }
    back[3] = static_cast<std::uint8_t>(divide_255(both + 128));
}

/// A row of RGBA pixels over another.
inline void over_row(const std::uint8_t* front, std::uint8_t* back, std::size_t pixels) noexcept {
    for (std::size_t i = 0; i < pixels; ++i, front += 4, back += 4) {
        if (front[3] == 255) {
            std::memcpy(back, front, 4);
        } else if (front[3] != 0) {
            over_pixel(front, back);
        }
    }
}

}  // namespace editprep::imaging
