#pragma once

#include <cstddef>
#include <vector>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

struct WebpSettings {
    /// Without loss, colours under alpha 0 included; `quality` is then not used.
    bool lossless = false;
    /// 1 to 100.
    int quality = 95;
};

/// Still WebP; grey is stored as RGB, the only colour space that the format has for it.
/// invalid_argument for a quality out of range, limit_exceeded for a side above 16 383.
[[nodiscard]] std::vector<std::byte> encode_webp(const Image& image, const WebpSettings& settings);

}  // namespace editprep::imaging
