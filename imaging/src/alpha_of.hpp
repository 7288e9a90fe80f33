#pragma once

#include <cstddef>
#include <cstring>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// The alpha channel of an RGBA picture.
[[nodiscard]] inline Mask alpha_of(const Image& image) {
    Mask mask(image.size());
    const auto pixels = image.bytes();
    const auto values = mask.bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = pixels[4 * i + 3];
    }
    return mask;
}

/// Every pixel has the same value. The mask is not empty.
[[nodiscard]] inline bool is_uniform(const Mask& mask) {
    const auto values = mask.bytes();
    return std::memcmp(values.data(), values.data() + 1, values.size() - 1) == 0;
}

}  // namespace editprep::imaging
