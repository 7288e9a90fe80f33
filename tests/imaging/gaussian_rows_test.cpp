#include "gaussian_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "gaussian.hpp"
#include "gaussian_by_recipe.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"

namespace editprep::imaging {
namespace {

using testing::blur_by_recipe;
using testing::kAllChannels;
using testing::make_image;
using testing::noise_image;

enum class Repeats { as_rows, as_null };

/// What came out, and how often it was the row before once more.
struct Blurred {
    Image image;
    int repeated = 0;
};

Blurred blur_in_rows(const Image& image, double sigma, Repeats repeats) {
    const auto stride = static_cast<std::size_t>(image.width() * image.channel_count());
    Blurred result{Image(image.size(), image.channels())};
    int y = 0;
    GaussianRows rows(image.size(), static_cast<std::size_t>(image.channel_count()), sigma,
                      [&](const std::uint8_t* row) {
                          result.repeated += row == nullptr;
                          std::copy_n(row != nullptr ? row : result.image.row(y - 1), stride,
                                      result.image.row(y));
                          ++y;
                      });
    // The rows must not be looked at after the call.
    std::vector<std::uint8_t> passing(stride);
    for (int i = 0; i < image.height(); ++i) {
        const bool is_repeat =
            i > 0 && std::equal(image.row(i), image.row(i) + stride, image.row(i - 1));
        std::copy_n(image.row(i), stride, passing.begin());
        rows.push(is_repeat && repeats == Repeats::as_null ? nullptr : passing.data());
        std::fill(passing.begin(), passing.end(), std::uint8_t{99});
    }
    EXPECT_EQ(y, image.height());
    return result;
}

void expect_recipe(const Image& image, double sigma) {
    Image expected = image;
    blur_by_recipe(expected.row(0), expected.size(), expected.channel_count(), sigma);
    for (const Repeats repeats : {Repeats::as_rows, Repeats::as_null}) {
        EXPECT_TRUE(
            std::ranges::equal(blur_in_rows(image, sigma, repeats).image.bytes(), expected.bytes()))
            << to_string(image.size()) << " of " << image.channel_count() << " channels, sigma "
            << sigma;
    }
}

/// Flat parts, edges of every direction, repeated rows and a few single pixels.
Image structured_image(Size size, Channels channels) {
    return make_image(size, channels, [&](int x, int y) {
        const bool in_disc =
            (x - size.width / 3) * (x - size.width / 3) + (y - 30) * (y - 30) < 300;
        const bool in_bar = y > size.height - 25 && y < size.height - 9 && x % 70 < 50;
        const bool is_dot = x % 61 == 60 && y % 47 == 46;
        const auto value = static_cast<std::uint8_t>(in_disc || is_dot ? 255 : in_bar ? 130 : 0);
        return Color{value, static_cast<std::uint8_t>(255 - value), 7,
                     static_cast<std::uint8_t>(in_bar ? 0 : 255)};
    });
}

const std::vector<Size> kSizes{{1, 1},   {1, 70},  {70, 1},  {2, 2},    {3, 200},
                               {63, 65}, {65, 63}, {64, 64}, {130, 40}, {71, 129}};

TEST(GaussianRows, EqualsTheRecipeOnNoise) {
    for (const Channels channels : kAllChannels) {
        for (const Size size : kSizes) {
            for (const double sigma : {0.3, 1.0, 4.0, 8.0, 24.0, 60.0}) {
                expect_recipe(noise_image(size, channels, 5), sigma);
            }
        }
    }
}

TEST(GaussianRows, EqualsTheRecipeOnFlatParts) {
    for (const Channels channels : kAllChannels) {
        for (const Size size : {Size{200, 170}, Size{64, 150}, Size{300, 60}}) {
            for (const double sigma : {0.5, 2.0, 4.0, 9.0, 30.0}) {
                expect_recipe(structured_image(size, channels), sigma);
            }
        }
    }
}

TEST(GaussianRows, EqualsTheRecipeAtEveryWidth) {
    for (int width = 1; width <= 130; ++width) {
        expect_recipe(noise_image({width, 12}, Channels::grey, 8), 1.7);
        expect_recipe(structured_image({width, 40}, Channels::rgb), 1.7);
    }
}

TEST(GaussianRows, EqualsTheRecipeAtEveryHeight) {
    for (int height = 1; height <= 70; ++height) {
        for (const double sigma : {2.0, 6.0}) {
            expect_recipe(noise_image({5, height}, Channels::grey, 8), sigma);
        }
    }
}

TEST(GaussianRows, TheWindowMayBeMuchLargerThanThePicture) {
    for (const double sigma : {500.0, kMaxFeatherSigma}) {
        expect_recipe(noise_image({9, 6}, Channels::rgb, 2), sigma);
    }
}

TEST(GaussianRows, ChangesOfASingleBlockArriveEverywhere) {
    // One pixel that differs, in every phase of the rows that are kept.
    for (int y = 0; y < 90; ++y) {
        expect_recipe(make_image({130, 90}, Channels::grey,
                                 [y](int x, int row) {
                                     const bool is_dot = x == 64 && row == y;
                                     return Color{static_cast<std::uint8_t>(is_dot ? 255 : 3)};
                                 }),
                      3.0);
    }
}

TEST(GaussianRows, EqualRowsLeaveAsRepeats) {
    const Image edge = make_image({100, 400}, Channels::grey, [](int x, int y) {
        return Color{static_cast<std::uint8_t>(x > 40 && y > 200 ? 255 : 0)};
    });
    const int reach = feather_reach(4.0);
    for (const Repeats repeats : {Repeats::as_rows, Repeats::as_null}) {
        EXPECT_GE(blur_in_rows(edge, 4.0, repeats).repeated, 400 - 2 * reach - 5);
    }
    EXPECT_EQ(
        blur_in_rows(Image(noise_image({9, 1}, Channels::grey)), 4.0, Repeats::as_rows).repeated,
        0);
}

TEST(GaussianRows, RefusesWhatIsNoSigma) { EXPECT_THROW(GaussianRows({4, 4}, 1, 1e9, {}), Error); }

TEST(GaussianBlur, WorksInPlaceOnWholePictures) {
    for (const Channels channels : kAllChannels) {
        const Image image = structured_image({150, 140}, channels);
        Image expected = image;
        blur_by_recipe(expected.row(0), expected.size(), expected.channel_count(), 5);
        EXPECT_TRUE(std::ranges::equal(gaussian_blur(image, 5).bytes(), expected.bytes()));
        EXPECT_TRUE(std::ranges::equal(gaussian_blur(image, 0).bytes(), image.bytes()));
    }
}

}  // namespace
}  // namespace editprep::imaging
