#include "editprep/imaging/composite.hpp"

#include <algorithm>
#include <array>

#include "convert_row.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/resize.hpp"
#include "over_pixel.hpp"
#include "premultiply.hpp"
#include "same_size.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

EDITPREP_SIMD_CLONES
void blend_opaque(const std::uint8_t* __restrict original, const std::uint8_t* __restrict edited,
                  const std::uint8_t* __restrict weights, std::uint8_t* __restrict out,
                  std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t weight = weights[i];
        out[i] = static_cast<std::uint8_t>(
            divide_255(original[i] * (255 - weight) + edited[i] * weight));
    }
}

/// The mask's value once for every channel, so that blending is one flat loop.
void repeat_weights(const std::uint8_t* mask, std::size_t pixels, std::size_t channels,
                    std::uint8_t* out) {
    for (std::size_t i = 0; i < pixels; ++i) {
        for (std::size_t c = 0; c < channels; ++c) {
            *out++ = mask[i];
        }
    }
}

void blend_rgba_pixel(const std::uint8_t* original, const std::uint8_t* edited,
                      std::uint32_t weight, std::uint8_t* out) {
    if (weight == 0 || weight == 255) {
        std::copy_n(weight == 0 ? original : edited, 4, out);
        return;
    }
    // Colours count as much as they are visible: shares are alpha times weight.
    const std::uint32_t original_share = original[3] * (255 - weight);
    const std::uint32_t edited_share = edited[3] * weight;
    const std::uint32_t both = original_share + edited_share;
    if (both == 0) {
        std::fill_n(out, 4, std::uint8_t{0});
        return;
    }
    for (std::size_t c = 0; c < 3; ++c) {
        const std::uint32_t mixed = original[c] * original_share + edited[c] * edited_share;
        out[c] = static_cast<std::uint8_t>((mixed + both / 2) / both);
    }
    out[3] = static_cast<std::uint8_t>(divide_255(both));
}

void blend_rgba(const std::uint8_t* original, const std::uint8_t* edited,
                const std::uint8_t* weights, std::uint8_t* out, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        blend_rgba_pixel(original + 4 * i, edited + 4 * i, weights[i], out + 4 * i);
    }
}

/// The rows of a picture in the wanted number of channels; converts only where they differ.
class RowReader {
public:
    RowReader(const Image& image, Channels channels)
        : image_(image),
          channels_(channels),
          converted_(image.channels() == channels ? 0
                                                  : static_cast<std::size_t>(image.width()) * 4) {}

    const std::uint8_t* row(int y) {
        if (converted_.empty()) {
            return image_.row(y);
        }
        convert_row(image_.row(y), image_.channels(), converted_.data(), channels_,
                    static_cast<std::size_t>(image_.width()));
        return converted_.data();
    }

private:
    const Image& image_;
    Channels channels_;
    PixelBuffer converted_;
};

}  // namespace

Image composite(const Image& original, const Image& edited, const Mask& mask) {
    check_same_size(original.size(), mask.size(), "the mask");
    if (edited.size() != original.size()) {
        return composite(original, resize(edited, original.size()), mask);
    }
    const Channels channels = std::max(original.channels(), edited.channels());
    RowReader below(original, channels);
    RowReader above(edited, channels);
    Image result(original.size(), channels);
    const auto pixels = static_cast<std::size_t>(original.width());
    PixelBuffer weights(result.stride());
    for (int y = 0; y < original.height(); ++y) {
        if (channels == Channels::rgba) {
            blend_rgba(below.row(y), above.row(y), mask.row(y), result.row(y), pixels);
        } else {
            repeat_weights(mask.row(y), pixels, static_cast<std::size_t>(channels), weights.data());
            blend_opaque(below.row(y), above.row(y), weights.data(), result.row(y),
                         result.stride());
        }
    }
    return result;
}

Image over(const Image& back, const Image& front) {
    check_same_size(back.size(), front.size(), "the picture in front");
    Image result = to_rgba(back);
    const Image layer = to_rgba(front);
    for (int y = 0; y < result.height(); ++y) {
        over_row(layer.row(y), result.row(y), static_cast<std::size_t>(result.width()));
    }
    return result;
}

Image checkerboard(Size size, int square_px) {
    if (square_px < 1) {
        throw Error(Errc::invalid_argument, "a checkerboard needs squares of at least one pixel");
    }
    constexpr std::array<std::uint8_t, 2> kTones{236, 200};
    Image board(size, Channels::rgb);
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t* out = board.row(y);
        for (int x = 0; x < size.width; ++x, out += 3) {
            const auto tone = static_cast<std::size_t>((x / square_px + y / square_px) % 2);
            std::fill_n(out, 3, kTones[tone]);
        }
    }
    return board;
}

}  // namespace editprep::imaging
