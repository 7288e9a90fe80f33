#include "corner_mean.hpp"

#include <algorithm>

namespace editprep::imaging {
namespace {

template <class Sums>
void add(Sums& sums, const Sums& more) {
    for (std::size_t c = 0; c < sums.size(); ++c) {
        sums[c] += more[c];
    }
}

}  // namespace

CornerMean::CornerMean(Size picture, Channels channels, int sample_size)
    : picture_(picture),
      channels_(static_cast<std::size_t>(channels)),
      side_(std::max(1, std::min({sample_size, picture.width, picture.height}))) {}

void CornerMean::add_row(int y, const std::uint8_t* row) {
    const bool in_top = y < side_;
    const bool in_bottom = y >= picture_.height - side_;
    if (!in_top && !in_bottom) {
        return;
    }
    const Sums sums = both_ends(row);
    if (in_top) {
        add(top_, sums);
    }
    if (in_bottom) {
        add(bottom_, sums);
    }
}

CornerMean::Sums CornerMean::both_ends(const std::uint8_t* row) const {
    Sums sums{};
    for (const int left : {0, picture_.width - side_}) {
        const std::uint8_t* pixel = row + static_cast<std::size_t>(left) * channels_;
        for (int x = 0; x < side_; ++x, pixel += channels_) {
            for (std::size_t c = 0; c < sums.size(); ++c) {
                sums[c] += pixel[channels_ == 1 ? 0 : c];
            }
        }
    }
    return sums;
}

Color CornerMean::mean(const Sums& sums, int squares) const {
    const std::int64_t count = std::int64_t{squares} * side_ * side_;
    const auto channel = [&](std::size_t c) { return static_cast<std::uint8_t>(sums[c] / count); };
    return {channel(0), channel(1), channel(2), 255};
}

Color CornerMean::of_top() const { return mean(top_, 2); }

Color CornerMean::of_all() const {
    Sums sums = top_;
    add(sums, bottom_);
    return mean(sums, 4);
}

Color corner_mean(const Image& image, int sample_size) {
    CornerMean corners(image.size(), image.channels(), sample_size);
    for (int y = 0; y < image.height(); ++y) {
        corners.add_row(y, image.row(y));
    }
    return corners.of_all();
}

}  // namespace editprep::imaging
