#include "resize_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::kAllChannels;
using testing::noise_image;

std::uint8_t weighed(const Taps& taps, const std::uint8_t* samples, std::size_t step) {
    std::int64_t sum = std::int64_t{1} << (kResizeWeightBits - 1);
    for (std::size_t i = 0; i < taps.weights.size(); ++i) {
        sum += std::int64_t{taps.weights[i]} * samples[i * step];
    }
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> kResizeWeightBits, 0, 255));
}

/// The slow twin: sample by sample, first the whole picture along x, then all of that along y.
Image resized(const Image& image, const std::vector<Taps>& across, const std::vector<Taps>& down) {
    const auto channels = static_cast<std::size_t>(image.channel_count());
    Image narrow({static_cast<int>(across.size()), image.height()}, image.channels());
    for (int y = 0; y < narrow.height(); ++y) {
        for (std::size_t i = 0; i < narrow.stride(); ++i) {
            const Taps& taps = across[i / channels];
            narrow.row(y)[i] = weighed(
                taps, image.row(y) + static_cast<std::size_t>(taps.first) * channels + i % channels,
                channels);
        }
    }
    Image result({narrow.width(), static_cast<int>(down.size())}, image.channels());
    for (int y = 0; y < result.height(); ++y) {
        const Taps& taps = down[static_cast<std::size_t>(y)];
        for (std::size_t i = 0; i < result.stride(); ++i) {
            result.row(y)[i] = weighed(taps, narrow.row(taps.first) + i, narrow.stride());
        }
    }
    return result;
}

/// A picture, and what is made of it.
struct Resizing {
    Size from;
    Size to;
};

constexpr Resizing kResizings[] = {
    {{1, 1}, {1, 1}},       {{1, 1}, {7, 9}},       {{5, 300}, {70, 3}},  {{300, 5}, {3, 70}},
    {{64, 65}, {128, 63}},  {{33, 47}, {33, 90}},   {{33, 47}, {90, 47}}, {{20, 10}, {20, 10}},
    {{600, 20}, {700, 25}}, {{700, 200}, {600, 9}}, {{3, 130}, {2, 500}}, {{129, 1}, {400, 1}},
};

TEST(ResizeRows, EqualTheSlowTwin) {
    for (const auto& [from, to] : kResizings) {
        for (const Channels channels : kAllChannels) {
            for (const ResizeKernel kernel : {ResizeKernel::bicubic, ResizeKernel::lanczos}) {
                const Image image = noise_image(from, channels, 3);
                const auto across = resize_axis(from.width, to.width, 0, to.width, kernel);
                const auto down = resize_axis(from.height, to.height, 0, to.height, kernel);
                Image rows(to, channels);
                ResizeRows resizing([&](int first, int) { return image.row(first); },
                                    static_cast<std::size_t>(channels), from.width, across, down);
                for (int y = 0; y < to.height; ++y) {
                    resizing.next(rows.row(y));
                }
                ASSERT_EQ(rows, resized(image, across, down))
                    << to_string(from) << " to " << to_string(to);
            }
        }
    }
}

TEST(ResizeRows, AskForEachRowOnceFromTopToBottom) {
    const Image image = noise_image({40, 500}, Channels::rgb);
    for (const int height : {20, 500, 900}) {
        const auto across = resize_axis(40, 60, 0, 60, ResizeKernel::lanczos);
        // Rows 3 to 3/4 of the height.
        const auto down = resize_axis(500, height, 3, height * 3 / 4, ResizeKernel::lanczos);
        int asked_until = input_begin(down);
        ResizeRows resizing(
            [&](int first, int count) {
                EXPECT_EQ(first, asked_until);
                EXPECT_GT(count, 0);
                asked_until = first + count;
                EXPECT_LE(asked_until, 500);
                return image.row(first);
            },
            3, 40, across, down);
        std::vector<std::uint8_t> row(60 * 3);
        for (std::size_t y = 0; y < down.size(); ++y) {
            resizing.next(row.data());
        }
        EXPECT_EQ(asked_until, input_end(down));
    }
}

TEST(ResizeRows, HoldAFewRowsWhateverTheHeight) {
    EXPECT_LT(ResizeRows::rows_held(resize_axis(30'000, 40'000, 0, 40'000, ResizeKernel::lanczos)),
              100U);
    // No more than there are.
    EXPECT_EQ(ResizeRows::rows_held(resize_axis(50, 10, 0, 10, ResizeKernel::lanczos)), 50U);
}

}  // namespace
}  // namespace editprep::imaging
