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

/// The photo goes on beyond its borders as in mirrors.
int mirrored(int position, int side) {
    const int within = position % (2 * side);
    return within < side ? within : 2 * side - 1 - within;
}

/// A rounded box about the lower middle, |u|^3 + |v|^3 < 1, in a picture of any size.
void draw_object(Image& image) {
    const double scale = static_cast<double>(image.height()) / kSize.height;
    const double middle = 0.5 * image.width();
    for (int y = 0; y < image.height(); ++y) {
        const double v = (y - 1600.0 * scale) / (950.0 * scale);
        const double reach =
            1100.0 * scale * std::cbrt(std::max(0.0, 1 - std::pow(std::abs(v), 3)));
        const std::uint8_t* texture = photo().row(mirrored(y, kSize.height));
        const int end = static_cast<int>(middle + reach);
        for (int x = static_cast<int>(middle - reach) + 1; x < end; ++x) {
            std::copy_n(texture + 3 * mirrored(x, kSize.width), 3, image.row(y) + 3 * x);
        }
    }
}

}  // namespace

const Image& photo() {
    static const Image image = make_photo();
    return image;
}

Image product_of(Size size) {
    Image image = imaging::solid_image(size, Channels::rgb, {243, 244, 246});
    draw_object(image);
    return image;
}

const Image& product() {
    static const Image image = product_of(kSize);
    return image;
}

const Mask& object_mask() {
    static const Mask mask =
        imaging::select_object(product(), {imaging::SelectionMode::corner_bg, 40, 8}).mask;
    return mask;
}

}  // namespace editprep::benchmarks
