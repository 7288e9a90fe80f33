#include "membrane.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "editprep/imaging/composite.hpp"
#include "resize_window.hpp"

namespace editprep::imaging {
namespace {

/// On each scale; the coarser scales have done most already.
constexpr int kSweeps = 16;

/// Sums of the known pixels in one row of blocks.
class BlockRow {
public:
    BlockRow(int blocks, int channels, int factor)
        : sums_(static_cast<std::size_t>(blocks * channels)),
          counts_(static_cast<std::size_t>(blocks)),
          channels_(static_cast<std::size_t>(channels)),
          factor_(static_cast<std::size_t>(factor)) {}

    void clear() {
        std::ranges::fill(sums_, 0);
        std::ranges::fill(counts_, 0);
    }

    void add(const std::uint8_t* pixels, const std::uint8_t* mask, std::size_t width) {
        for (std::size_t x = 0; x < width; ++x, pixels += channels_) {
            if (mask[x] == 0) {
                const std::size_t block = x / factor_;
                ++counts_[block];
                for (std::size_t c = 0; c < channels_; ++c) {
                    sums_[block * channels_ + c] += pixels[c];
                }
            }
        }
    }

    void store(std::uint8_t* pixels, std::uint8_t* unknown) const {
        for (std::size_t block = 0; block < counts_.size(); ++block) {
            const std::uint32_t count = counts_[block];
            unknown[block] = count == 0 ? 255 : 0;
            for (std::size_t c = 0; c < channels_; ++c) {
                const std::uint32_t sum = sums_[block * channels_ + c];
                *pixels++ = static_cast<std::uint8_t>(count == 0 ? 0 : (sum + count / 2) / count);
            }
        }
    }

private:
    std::vector<std::uint32_t> sums_;
    std::vector<std::uint32_t> counts_;
    std::size_t channels_;
    std::size_t factor_;
};

/// One sweep of Gauss and Seidel: every unknown value becomes the mean of its neighbours.
void relax_once(std::vector<float>& values, const Mask& unknown, std::size_t channels) {
    const auto width = static_cast<std::size_t>(unknown.width());
    const auto height = static_cast<std::size_t>(unknown.height());
    const std::size_t stride = width * channels;
    for (std::size_t y = 0; y < height; ++y) {
        const std::uint8_t* is_unknown = unknown.row(static_cast<int>(y));
        const std::size_t up = y > 0 ? stride : 0;
        const std::size_t down = y + 1 < height ? stride : 0;
        for (std::size_t x = 0; x < width; ++x) {
            if (is_unknown[x] == 0) {
                continue;
            }
            const std::size_t left = x > 0 ? channels : 0;
            const std::size_t right = x + 1 < width ? channels : 0;
            float* value = values.data() + y * stride + x * channels;
            for (std::size_t c = 0; c < channels; ++c, ++value) {
                *value = (*(value - up) + *(value + down) + *(value - left) + *(value + right)) / 4;
            }
        }
    }
}

void relax(Image& image, const Mask& unknown) {
    const auto bytes = image.bytes();
    std::vector<float> values(bytes.begin(), bytes.end());
    for (int i = 0; i < kSweeps; ++i) {
        relax_once(values, unknown, static_cast<std::size_t>(image.channel_count()));
    }
    std::ranges::transform(values, bytes.begin(), [](float value) {
        return static_cast<std::uint8_t>(std::lround(value));
    });
}

}  // namespace

KnownCopy shrink_known(const Image& picture, const Mask& mask, int factor) {
    const Size size = shrunk(picture.size(), factor);
    KnownCopy copy{Image(size, picture.channels()), Mask(size)};
    BlockRow blocks(size.width, picture.channel_count(), factor);
    for (int y = 0; y < size.height; ++y) {
        blocks.clear();
        const int bottom = std::min((y + 1) * factor, picture.height());
        for (int row = y * factor; row < bottom; ++row) {
            blocks.add(picture.row(row), mask.row(row), static_cast<std::size_t>(picture.width()));
        }
        blocks.store(copy.image.row(y), copy.unknown.row(y));
    }
    return copy;
}

Image enlarge(const Image& copy, int factor, Size size) {
    const VirtualSize full{std::int64_t{copy.width()} * factor,
                           std::int64_t{copy.height()} * factor};
    return resize_window(copy, full, {0, 0, size}, ResizeKernel::bicubic);
}

void span_membrane(Image& image, const Mask& unknown) {
    if (selected_bounds(unknown).empty()) {
        return;
    }
    constexpr int kHalf = 2;
    KnownCopy coarse = shrink_known(image, unknown, kHalf);
    span_membrane(coarse.image, coarse.unknown);
    image = composite(image, enlarge(coarse.image, kHalf, image.size()), unknown);
    relax(image, unknown);
}

}  // namespace editprep::imaging
