#include "editprep/imaging/mask_encoding.hpp"

#include <algorithm>

#include "alpha_of.hpp"
#include "editprep/imaging/mask_morphology.hpp"

namespace editprep::imaging {
namespace {

Mask luma_of(const Image& image) {
    Mask mask(image.size());
    const auto pixels = image.bytes();
    const auto values = mask.bytes();
    if (image.channels() == Channels::grey) {
        std::ranges::copy(pixels, values.begin());
        return mask;
    }
    const auto channels = static_cast<std::size_t>(image.channel_count());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint8_t* pixel = pixels.data() + i * channels;
        const std::uint32_t weighted =
            19595U * pixel[0] + 38470U * pixel[1] + 7471U * pixel[2] + 32768U;
        values[i] = static_cast<std::uint8_t>(weighted >> 16);
    }
    return mask;
}

}  // namespace

Image encode_mask(const Mask& mask, MaskEncoding encoding) {
    const auto values = mask.bytes();
    if (encoding == MaskEncoding::white_edits) {
        Image image(mask.size(), Channels::grey);
        std::ranges::copy(values, image.bytes().begin());
        return image;
    }
    Image image = solid_image(mask.size(), Channels::rgba, {0, 0, 0, 255});
    const auto pixels = image.bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        pixels[4 * i + 3] = static_cast<std::uint8_t>(255 - values[i]);
    }
    return image;
}

bool has_alpha_mask(const Image& image) {
    return image.has_alpha() && !is_uniform(alpha_of(image));
}

Mask decode_mask(const Image& image) {
    if (image.has_alpha()) {
        const Mask alpha = alpha_of(image);
        if (!is_uniform(alpha)) {
            return invert(alpha);
        }
    }
    return luma_of(image);
}

}  // namespace editprep::imaging
