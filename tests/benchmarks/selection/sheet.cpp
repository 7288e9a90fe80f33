#include "sheet.hpp"

#include <algorithm>
#include <cstdint>

#include "editprep/imaging/resize.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Channels;
using imaging::Image;
using imaging::Mask;
using imaging::Size;

constexpr int kTile = 240;
constexpr int kGap = 4;

Image grey(const Mask& mask) {
    Image image(mask.size(), Channels::grey);
    std::ranges::copy(mask.bytes(), image.bytes().begin());
    return imaging::to_rgb(image);
}

Image error_picture(const Mask& truth, const Mask& predicted) {
    Image image(truth.size(), Channels::rgb);
    for (std::size_t i = 0; i < truth.bytes().size(); ++i) {
        const int difference = predicted.bytes()[i] - truth.bytes()[i];
        const int base = truth.bytes()[i] / 6;
        image.bytes()[3 * i] = static_cast<std::uint8_t>(std::max(base, difference));
        image.bytes()[3 * i + 1] = static_cast<std::uint8_t>(base);
        image.bytes()[3 * i + 2] = static_cast<std::uint8_t>(std::max(base, -difference));
    }
    return image;
}

Image tile(const Image& image) {
    return imaging::resize(image, imaging::fit_inside(image.size(), {kTile, kTile}));
}

}  // namespace

void Sheet::add(const Image& source, const Mask& truth, const Mask& predicted) {
    rows_.push_back({tile(imaging::to_rgb(source)), tile(grey(truth)), tile(grey(predicted)),
                     tile(error_picture(truth, predicted))});
}

Image Sheet::picture() const {
    const int step = kTile + kGap;
    const auto columns = static_cast<int>(rows_.front().size());
    const auto rows = static_cast<int>(rows_.size());
    Image sheet = imaging::solid_image({columns * step - kGap, rows * step - kGap}, Channels::rgb,
                                       {64, 64, 64});
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const Image& image =
                rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
            for (int y = 0; y < image.height(); ++y) {
                std::ranges::copy_n(image.row(y), static_cast<std::ptrdiff_t>(image.stride()),
                                    sheet.row(row * step + y) + 3 * column * step);
            }
        }
    }
    return sheet;
}

}  // namespace editprep::benchmarks
