#include "benchmark_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "editprep/imaging/object_selection.hpp"
#include "editprep/imaging/resize.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Channels;
using imaging::Color;
using imaging::Image;
using imaging::Mask;
using imaging::Size;

/// Noise of ever finer grids, each weaker than the one before, plus grain.
Image make_photo() {
    std::mt19937 random(1);
    std::vector<float> sums(static_cast<std::size_t>(kSize.area()), 122.0F);
    float strength = 0.5F;
    for (int columns = 8; columns < kSize.width; columns *= 2, strength *= 0.79F) {
        Mask grid(Size{columns, std::max(2, columns * 3 / 4)});
        std::ranges::generate(grid.bytes(),
                              [&] { return static_cast<std::uint8_t>(random() >> 24); });
        const Mask octave = imaging::resize(grid, kSize);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            sums[i] += strength * (static_cast<float>(octave.bytes()[i]) - 127.5F);
        }
    }
    std::normal_distribution<float> grain(0.0F, 1.1F);
    Image image(kSize, Channels::rgb);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const float luma = sums[i] + grain(random);
        for (std::size_t c = 0; c < 3; ++c) {
            const float tone = luma * (1.0F - 0.05F * static_cast<float>(c)) + grain(random) * 0.4F;
            image.bytes()[3 * i + c] = static_cast<std::uint8_t>(std::clamp(tone, 0.0F, 255.0F));
        }
    }
    return image;
}

Image make_product() {
    Image image = imaging::solid_image(kSize, Channels::rgb, {243, 244, 246});
    for (int y = 0; y < kSize.height; ++y) {
        for (int x = 0; x < kSize.width; ++x) {
            const double u = (x - 2000.0) / 1100.0;
            const double v = (y - 1600.0) / 950.0;
            if (std::pow(std::abs(u), 3) + std::pow(std::abs(v), 3) < 1) {
                std::copy_n(photo().row(y) + 3 * x, 3, image.row(y) + 3 * x);
            }
        }
    }
    return image;
}

}  // namespace

const Image& photo() {
    static const Image image = make_photo();
    return image;
}

const Image& product() {
    static const Image image = make_product();
    return image;
}

const Mask& object_mask() {
    static const Mask mask =
        imaging::select_object(product(), {imaging::SelectionMode::corner_bg, 40, 8}).mask;
    return mask;
}

}  // namespace editprep::benchmarks
