#include "extended_box.hpp"

#include <cmath>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr std::uint32_t kOne = 1U << 24;

EDITPREP_SIMD_CLONES
void step(std::uint32_t* __restrict sums, const std::uint8_t* __restrict before,
          const std::uint8_t* __restrict leaving, const std::uint8_t* __restrict entering,
          std::uint8_t* __restrict out, std::uint32_t whole_weight, std::uint32_t edge_weight,
          std::size_t lanes) {
    for (std::size_t first = 0; first < lanes; first += kBoxLanes) {
        for (std::size_t lane = first; lane < first + kBoxLanes; ++lane) {
            const std::uint32_t edges = std::uint32_t{before[lane]} + entering[lane];
            out[lane] = static_cast<std::uint8_t>(
                (sums[lane] * whole_weight + edges * edge_weight + kOne / 2) >> 24);
            sums[lane] += std::uint32_t{entering[lane]} - leaving[lane];
        }
    }
}

EDITPREP_SIMD_CLONES
void slide(std::uint32_t* __restrict sums, const std::uint8_t* __restrict leaving,
           const std::uint8_t* __restrict entering, std::uint32_t times, std::size_t lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        sums[lane] += times * (std::uint32_t{entering[lane]} - leaving[lane]);
    }
}

}  // namespace

ExtendedBox extended_box(double sigma_px) {
    // In single precision, as in the filter that this one equals to the bit.
    const auto sigma = static_cast<float>(sigma_px);
    const float variance = sigma * sigma / static_cast<float>(kBoxPasses);
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

void slide_box(std::uint32_t* sums, const std::uint8_t* leaving, const std::uint8_t* entering,
               std::uint32_t times, std::size_t lanes) {
    slide(sums, leaving, entering, times, lanes);
}

void box_step(std::uint32_t* sums, const std::uint8_t* before, const std::uint8_t* leaving,
              const std::uint8_t* entering, std::uint8_t* out, const ExtendedBox& box,
              std::size_t lanes) {
    step(sums, before, leaving, entering, out, box.whole_weight, box.edge_weight, lanes);
}

}  // namespace editprep::imaging
