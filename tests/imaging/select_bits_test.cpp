#include "bits/select_bits.hpp"

#include <gtest/gtest.h>

#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::kAllChannels;
using testing::make_image;
using testing::noise_image;
using testing::pixel;

int squared_distance(Color a, Color b) {
    const auto square = [](int difference) { return difference * difference; };
    return square(a.red - b.red) + square(a.green - b.green) + square(a.blue - b.blue);
}

void expect_distant(const Image& image, Color backdrop, int squared_threshold) {
    BitMask mask(image.size());
    select_distant(image.row(0), image.channels(), static_cast<std::size_t>(image.width()),
                   backdrop, squared_threshold, mask.row(0));
    BitMask expected(image.size());
    for (int x = 0; x < image.width(); ++x) {
        if (squared_distance(pixel(image, x, 0), backdrop) >= squared_threshold) {
            select_span(expected.row(0), x, x + 1);
        }
    }
    EXPECT_EQ(mask, expected) << image.width() << " pixels of " << image.channel_count()
                              << " channels, threshold " << squared_threshold;
}

TEST(SelectDistant, EqualsPixelByPixelAtEveryWidth) {
    for (const Channels channels : kAllChannels) {
        const Color backdrop =
            channels == Channels::grey ? Color{90, 90, 90, 255} : Color{243, 17, 120, 255};
        for (int width = 1; width <= 130; ++width) {
            const Image image = noise_image({width, 1}, channels, 5);
            for (const int threshold : {0, 1, 1600, 10'000, 60'000, 3 * 255 * 255 + 1}) {
                expect_distant(image, backdrop, threshold);
            }
        }
        for (const int width : {1023, 1024, 1025, 4000}) {
            expect_distant(noise_image({width, 1}, channels, 9), backdrop, 10'000);
        }
    }
}

TEST(SelectDistant, TheThresholdItselfIsDistant) {
    const Image ramp = make_image({256, 1}, Channels::rgb, [](int x, int) {
        const auto value = static_cast<std::uint8_t>(x);
        return Color{value, 100, 100, 255};
    });
    BitMask mask(ramp.size());
    select_distant(ramp.row(0), Channels::rgb, 256, {100, 100, 100, 255}, 40 * 40, mask.row(0));
    for (int x = 0; x < 256; ++x) {
        EXPECT_EQ(mask.at(x, 0), x <= 60 || x >= 140) << x;
    }
}

TEST(SelectDistant, BlackAndWhiteAreTheFarthest) {
    const Image black = make_image({70, 1}, Channels::rgba, [](int, int) { return Color{}; });
    BitMask mask(black.size());
    const Color white{255, 255, 255, 255};
    select_distant(black.row(0), Channels::rgba, 70, white, 3 * 255 * 255, mask.row(0));
    EXPECT_EQ(count_selected(mask), 70);
    select_distant(black.row(0), Channels::rgba, 70, white, 3 * 255 * 255 + 1, mask.row(0));
    EXPECT_EQ(count_selected(mask), 0);
}

TEST(SelectOpaque, LooksAtAlphaAlone) {
    for (int width = 1; width <= 130; ++width) {
        const Image image = noise_image({width, 1}, Channels::rgba, 11);
        for (const int threshold : {-1, 0, 1, 128, 255, 256}) {
            BitMask mask(image.size());
            select_opaque(image.row(0), static_cast<std::size_t>(width), threshold, mask.row(0));
            int wrong = 0;
            for (int x = 0; x < width; ++x) {
                wrong += mask.at(x, 0) != (pixel(image, x, 0).alpha >= threshold);
            }
            EXPECT_EQ(wrong, 0) << width << " " << threshold;
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
