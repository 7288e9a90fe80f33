#pragma once

#include <cstddef>
#include <cstdint>

namespace editprep::imaging {

/// An extended box: 2*radius+1 whole samples and, on each side, a part of one more. The weights of
/// a window add up to 2^24, or to one less.
struct ExtendedBox {
    int radius = 0;
    std::uint32_t whole_weight = 1U << 24;
    std::uint32_t edge_weight = 0;
};

/// As many passes of extended_box(sigma) as this make the Gaussian.
inline constexpr int kBoxPasses = 3;

/// The box whose kBoxPasses-fold repetition has variance sigma^2 (Gwosdek et al., eq. 8 and 14; see
/// mask_morphology.hpp).
[[nodiscard]] ExtendedBox extended_box(double sigma_px);

/// Lines are filtered side by side, each in a lane of its own; the functions below take `lanes`, a
/// multiple of kBoxLanes.
inline constexpr std::size_t kBoxLanes = 64;

/// sums += times * (entering - leaving).
void slide_box(std::uint32_t* sums, const std::uint8_t* leaving, const std::uint8_t* entering,
               std::uint32_t times, std::size_t lanes);

/// One output step, rounded to 8 bits; then the window moves on by one. `sums` are over the whole
/// samples, from `leaving` on; `before` and `entering` are the partial ones.
void box_step(std::uint32_t* sums, const std::uint8_t* before, const std::uint8_t* leaving,
              const std::uint8_t* entering, std::uint8_t* out, const ExtendedBox& box,
              std::size_t lanes);

}  // namespace editprep::imaging
