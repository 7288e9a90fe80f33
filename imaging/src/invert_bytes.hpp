#pragma once

#include <cstddef>
#include <cstdint>

namespace editprep::imaging {

/// out[i] = 255 - in[i].
inline void invert_bytes(const std::uint8_t* __restrict in, std::uint8_t* __restrict out,
                         std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<std::uint8_t>(255 - in[i]);
    }
}

}  // namespace editprep::imaging
