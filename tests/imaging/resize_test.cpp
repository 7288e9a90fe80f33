#include "editprep/imaging/resize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_compare.hpp"
#include "image_maker.hpp"
#include "resize_window.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::noise_mask;

double keys_cubic(double x) {
    x = std::abs(x);
    if (x < 1) {
        return 1.5 * x * x * x - 2.5 * x * x + 1;
    }
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

double lanczos3(double x) {
    if (x == 0) {
        return 1;
    }
    const double p = std::numbers::pi * x;
    return std::abs(x) < 3 ? 3 * std::sin(p) * std::sin(p / 3) / (p * p) : 0;
}

/// The slow twin: exact weights, no intermediate rounding, both directions at once.
double sample(const Mask& mask, Size size, int out_x, int out_y, bool cubic) {
    const auto weights = [&](int out, int in_length, int out_length) {
        const double scale = static_cast<double>(in_length) / out_length;
        const double widening = std::max(1.0, scale);
        const double center = (out + 0.5) * scale;
        std::vector<double> all(static_cast<std::size_t>(in_length));
        double sum = 0;
        for (int i = 0; i < in_length; ++i) {
            const double x = (i + 0.5 - center) / widening;
            all[static_cast<std::size_t>(i)] = cubic ? keys_cubic(x) : lanczos3(x);
            sum += all[static_cast<std::size_t>(i)];
        }
        for (double& weight : all) {
            weight /= sum;
        }
        return all;
    };
    const std::vector<double> across = weights(out_x, mask.width(), size.width);
    const std::vector<double> down = weights(out_y, mask.height(), size.height);
    double value = 0;
    for (int y = 0; y < mask.height(); ++y) {
        double row = 0;
        for (int x = 0; x < mask.width(); ++x) {
            row += across[static_cast<std::size_t>(x)] * mask.row(y)[x];
        }
        value += down[static_cast<std::size_t>(y)] * std::clamp(row, 0.0, 255.0);
    }
    return std::clamp(value, 0.0, 255.0);
}

TEST(ResizeMask, FollowsTheKernelsWithinRounding) {
    const Mask mask = noise_mask({37, 29}, 11);
    for (const Size size : {Size{64, 48}, Size{12, 9}, Size{37, 10}, Size{80, 29}, Size{1, 1}}) {
        for (const bool cubic : {true, false}) {
            const Mask result =
                resize(mask, size, cubic ? ResizeKernel::bicubic : ResizeKernel::lanczos);
            ASSERT_EQ(result.size(), size);
            for (int y = 0; y < size.height; ++y) {
                for (int x = 0; x < size.width; ++x) {
                    // Half a level from rounding between the passes, amplified by negative lobes.
                    ASSERT_NEAR(result.row(y)[x], sample(mask, size, x, y, cubic), 1.6)
                        << size.width << "x" << size.height << " at " << x << "," << y;
                }
            }
        }
    }
}

TEST(Resize, SameSizeIsTheSamePicture) {
    const Image image = noise_image({20, 30}, Channels::rgba);
    EXPECT_EQ(resize(image, {20, 30}), image);
    EXPECT_EQ(resize(noise_mask({5, 6}), {5, 6}), noise_mask({5, 6}));
}

TEST(Resize, ConstantsStayConstant) {
    for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
        const Image image = testing::make_image({31, 17}, channels, [](int, int) {
            return Color{200, 100, 50, 255};
        });
        const Image larger = resize(image, {100, 77});
        EXPECT_EQ(larger, make_image({100, 77}, channels, [](int, int) {
                      return Color{200, 100, 50, 255};
                  }));
        const Image smaller = resize(image, {3, 2}, ResizeKernel::bicubic);
        EXPECT_EQ(smaller, make_image({3, 2}, channels, [](int, int) {
                      return Color{200, 100, 50, 255};
                  }));
    }
}

TEST(Resize, HiddenColoursDoNotBleed) {
    // Green, and behind transparency a loud red that nobody should ever see.
    const Image image = make_image({40, 40}, Channels::rgba, [](int x, int) {
        return x < 20 ? Color{0, 200, 0, 255} : Color{255, 0, 0, 0};
    });
    const Image result = resize(image, {17, 17});
    for (int y = 0; y < 17; ++y) {
        for (int x = 0; x < 17; ++x) {
            const std::uint8_t* pixel = result.row(y) + 4 * x;
            if (pixel[3] > 0) {
                EXPECT_EQ(pixel[0], 0) << x;
            }
        }
    }
}

TEST(ResizeWindow, IsThatPartOfTheWhole) {
    for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
        const Image image = noise_image({41, 29}, channels, 4);
        for (const Size full :
             {Size{150, 90}, Size{41, 77}, Size{99, 29}, Size{17, 8}, Size{41, 29}}) {
            const Image whole = resize(image, full);
            const Rect rect{full.width / 5, full.height / 4, full.width - 2, full.height - 1};
            EXPECT_EQ(resize_window(image, {full.width, full.height},
                                    {rect.left, rect.top, rect.size()}, ResizeKernel::lanczos),
                      crop(whole, rect))
                << to_string(full);
        }
    }
}

TEST(ResizeWindow, TheWholeMayBeLargerThanAnyPicture) {
    const Image image = solid_image({65'000, 1}, Channels::rgb, {10, 20, 30});
    const Image part = resize_window(image, {65'000LL * 65'000, 65'000},
                                     {2'000'000'000, 40'000, {70, 50}}, ResizeKernel::lanczos);
    EXPECT_EQ(part, solid_image({70, 50}, Channels::rgb, {10, 20, 30}));
}

TEST(ResizeMask, CrossedExtremesNeedLittleMemory) {
    // One column to one row: between the two passes lies a raster of four hundred megapixels.
    const Mask column = make_mask({1, 20'000}, [](int, int y) { return y < 10'000 ? 255 : 0; });
    const Mask row = resize(column, {20'000, 1});
    EXPECT_EQ(row.row(0)[0], row.row(0)[19'999]);
    EXPECT_NEAR(row.row(0)[0], 128, 1);
}

TEST(Resize, RefusesImpossibleSizes) {
    const Image image = noise_image({4, 4}, Channels::rgb);
    for (const auto& [size, code] : {std::pair{Size{0, 5}, Errc::invalid_argument},
                                     std::pair{Size{5, -1}, Errc::invalid_argument},
                                     std::pair{Size{70'000, 5}, Errc::limit_exceeded},
                                     std::pair{Size{60'000, 60'000}, Errc::limit_exceeded}}) {
        try {
            (void)resize(image, size);
            FAIL() << size.width;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), code);
        }
    }
}

TEST(FitInside, KeepsTheAspectAndNeverEnlarges) {
    EXPECT_EQ(fit_inside({4000, 3000}, {1000, 1000}), (Size{1000, 750}));
    EXPECT_EQ(fit_inside({3000, 4000}, {1000, 1000}), (Size{750, 1000}));
    EXPECT_EQ(fit_inside({40, 30}, {1000, 1000}), (Size{40, 30}));
    EXPECT_EQ(fit_inside({10'000, 1}, {100, 100}), (Size{100, 1}));
}

TEST(Crop, CutsOutExactlyThatPart) {
    const Image image = noise_image({30, 20}, Channels::rgb);
    const Image part = crop(image, {5, 6, 12, 20});
    ASSERT_EQ(part.size(), (Size{7, 14}));
    for (int y = 0; y < 14; ++y) {
        EXPECT_TRUE(std::equal(part.row(y), part.row(y) + 21, image.row(y + 6) + 15)) << y;
    }
    const Mask mask = noise_mask({30, 20});
    EXPECT_EQ(crop(mask, bounds_of(mask.size())), mask);
}

TEST(Crop, RefusesWhatLiesOutside) {
    const Image image = noise_image({30, 20}, Channels::rgb);
    for (const Rect& rect :
         {Rect{-1, 0, 5, 5}, Rect{0, 0, 31, 5}, Rect{5, 5, 5, 9}, Rect{0, 19, 4, 21}}) {
        EXPECT_THROW((void)crop(image, rect), Error);
    }
}

}  // namespace
}  // namespace editprep::imaging
