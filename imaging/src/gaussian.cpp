#include "gaussian.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr int kPasses = 3;
constexpr std::uint32_t kOne = 1U << 24;

/// An extended box: 2*radius+1 whole samples and, on each side, a part of one more.
struct ExtendedBox {
    int radius = 0;
    std::uint32_t whole_weight = kOne;
    std::uint32_t edge_weight = 0;
};

/// The box whose `kPasses`-fold repetition has variance sigma^2 (Gwosdek et al., eq. 8 and 14).
/// Single precision, as in the filter that this one equals to the bit.
ExtendedBox box_for(double sigma_px) {
    const auto sigma = static_cast<float>(sigma_px);
    const float variance = sigma * sigma / static_cast<float>(kPasses);
    const auto ideal_length =
        static_cast<float>(std::sqrt(12.0 * static_cast<double>(variance) + 1.0));
    const auto whole =
        static_cast<float>(std::floor((static_cast<double>(ideal_length) - 1.0) / 2.0));
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    const float radius = whole + part;

    ExtendedBox box;
    box.radius = static_cast<int>(radius);
    box.whole_weight = static_cast<std::uint32_t>(static_cast<float>(kOne) / (radius * 2 + 1));
    const auto samples = static_cast<std::uint32_t>(2 * box.radius + 1);
    box.edge_weight = (kOne - samples * box.whole_weight) / 2;
    return box;
}

EDITPREP_SIMD_CLONES
void add_step(std::uint32_t* __restrict sums, const std::uint8_t* __restrict step,
              std::uint32_t times) {
    for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
        sums[lane] += times * step[lane];
    }
}

/// One output step; then the window moves on by one.
EDITPREP_SIMD_CLONES
void box_step(std::uint32_t* __restrict sums, const std::uint8_t* __restrict before,
              const std::uint8_t* __restrict leaving, const std::uint8_t* __restrict entering,
              std::uint8_t* __restrict out, std::uint32_t whole_weight, std::uint32_t edge_weight) {
    for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
        const std::uint32_t edges = std::uint32_t{before[lane]} + entering[lane];
        out[lane] = static_cast<std::uint8_t>(
            (sums[lane] * whole_weight + edges * edge_weight + kOne / 2) >> 24);
        sums[lane] += std::uint32_t{entering[lane]} - leaving[lane];
    }
}

void box_pass(LineTile& tile, const ExtendedBox& box) {
    const int last = tile.length() - 1;
    const auto step = [&](int i) { return tile.front(std::clamp(i, 0, last)); };

    // The window around step 0: itself, `radius` copies of it before, and what follows.
    alignas(64) std::array<std::uint32_t, kTileLanes> sums{};
    const int following = std::min(box.radius, last);
    add_step(sums.data(), step(0), static_cast<std::uint32_t>(box.radius + 1));
    for (int i = 1; i <= following; ++i) {
        add_step(sums.data(), step(i), 1);
    }
    add_step(sums.data(), step(last), static_cast<std::uint32_t>(box.radius - following));

    for (int i = 0; i <= last; ++i) {
        box_step(sums.data(), step(i - box.radius - 1), step(i - box.radius),
                 step(i + box.radius + 1), tile.back(i), box.whole_weight, box.edge_weight);
    }
    tile.flip();
}

}  // namespace

int feather_reach(double sigma_px) {
    if (std::isnan(sigma_px) || sigma_px > kMaxFeatherSigma) {
        throw Error(Errc::invalid_argument,
                    "a feather or blur of " + std::to_string(sigma_px) + " pixels is too large",
                    "sigma",
                    "the largest is " + std::to_string(static_cast<int>(kMaxFeatherSigma)));
    }
    return sigma_px > 0 ? kPasses * (box_for(sigma_px).radius + 1) : 0;
}

void gaussian_blur(const Raster& raster, double sigma_px) {
    const int reach = feather_reach(sigma_px);
    if (reach == 0) {
        return;
    }
    const ExtendedBox box = box_for(sigma_px);
    const TileFilter blur = [&box](LineTile& tile) {
        for (int pass = 0; pass < kPasses; ++pass) {
            box_pass(tile, box);
        }
    };
    filter_rows(raster, reach, blur);
    filter_columns(raster, reach, blur);
}

Image gaussian_blur(const Image& image, double sigma_px) {
    Image result = image;
    gaussian_blur(raster_of(result), sigma_px);
    return result;
}

}  // namespace editprep::imaging
