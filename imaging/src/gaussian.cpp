#include "gaussian.hpp"

#include <cmath>
#include <cstring>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "extended_box.hpp"
#include "gaussian_rows.hpp"

namespace editprep::imaging {

int feather_reach(double sigma_px) {
    if (std::isnan(sigma_px) || sigma_px > kMaxFeatherSigma) {
        throw Error(Errc::invalid_argument,
                    "a feather or blur of " + std::to_string(sigma_px) + " pixels is too large",
                    "sigma",
                    "the largest is " + std::to_string(static_cast<int>(kMaxFeatherSigma)));
    }
    return sigma_px > 0 ? kBoxPasses * (extended_box(sigma_px).radius + 1) : 0;
}

void gaussian_blur(const Raster& raster, double sigma_px) {
    if (feather_reach(sigma_px) == 0) {
        return;
    }
    const std::size_t channels = static_cast<std::size_t>(raster.channels);
    const std::size_t stride = static_cast<std::size_t>(raster.size.width) * channels;
    // In place: a row comes back when it and some rows below it have been read.
    std::uint8_t* out = raster.data;
    GaussianRows rows(raster.size, channels, sigma_px, [&out, stride](const std::uint8_t* row) {
        std::memcpy(out, row != nullptr ? row : out - stride, stride);
        out += stride;
    });
    for (int y = 0; y < raster.size.height; ++y) {
        rows.push(raster.data + static_cast<std::size_t>(y) * stride);
    }
}

Image gaussian_blur(const Image& image, double sigma_px) {
    Image result = image;
    gaussian_blur(raster_of(result), sigma_px);
    return result;
}

}  // namespace editprep::imaging
