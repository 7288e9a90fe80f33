#include "editprep/imaging/composite.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/resize.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::noise_mask;

TEST(Composite, KeptPixelsAreBitIdenticalForAllKindsOfPictures) {
    // Soft everywhere, with large kept and large selected parts.
    const Mask mask = make_mask({61, 37}, [](int x, int y) {
        return x < 20 ? 0 : x > 45 ? 255 : (x * 7 + y * 13) % 256;
    });
    for (const Channels original : {Channels::grey, Channels::rgb, Channels::rgba}) {
        for (const Channels edited : {Channels::grey, Channels::rgb, Channels::rgba}) {
            const Image before = noise_image({61, 37}, original, 1);
            const Image after = noise_image({61, 37}, edited, 2);
            const Image result = composite(before, after, mask);
            EXPECT_EQ(result.channels(), std::max(original, edited));
            EXPECT_EQ(compare_kept(before, result, mask).changed_pixels, 0);
            const Mask unselected =
                make_mask(mask.size(), [&](int x, int y) { return mask.row(y)[x] == 255 ? 0 : 1; });
            EXPECT_EQ(compare_kept(after, result, unselected).changed_pixels, 0);
        }
    }
}

TEST(Composite, BlendsOpaquePixelsWithinHalfALevel) {
    const Image before = noise_image({64, 33}, Channels::rgb, 3);
    const Image after = noise_image({64, 33}, Channels::rgb, 4);
    const Mask mask = noise_mask({64, 33}, 5);
    const Image result = composite(before, after, mask);
    for (std::size_t i = 0; i < result.bytes().size(); ++i) {
        const double weight = mask.bytes()[i / 3] / 255.0;
        const double exact = before.bytes()[i] * (1 - weight) + after.bytes()[i] * weight;
        ASSERT_NEAR(result.bytes()[i], exact, 0.501) << i;
    }
}

TEST(Composite, TransparentColoursDoNotShow) {
    const Image before = solid_image({2, 1}, Channels::rgb, {10, 20, 30});
    const Image nothing = solid_image({2, 1}, Channels::rgba, {255, 0, 255, 0});
    const Image result = composite(before, nothing, Mask(Size{2, 1}, 128));
    const std::uint8_t* pixel = result.row(0);
    EXPECT_EQ(pixel[0], 10);
    EXPECT_EQ(pixel[1], 20);
    EXPECT_EQ(pixel[2], 30);
    EXPECT_EQ(pixel[3], 127);
}

TEST(Composite, ResamplesAnEditOfAnotherSizeAndStillKeepsTheRest) {
    const Image before = noise_image({80, 60}, Channels::rgb, 6);
    const Image after = solid_image({31, 47}, Channels::rgb, {200, 10, 10});
    const Mask mask = make_mask({80, 60}, [](int x, int) { return x > 40 ? 255 : 0; });
    const Image result = composite(before, after, mask);
    EXPECT_EQ(result.size(), before.size());
    EXPECT_EQ(compare_kept(before, result, mask).changed_pixels, 0);
    EXPECT_EQ(result.row(30)[3 * 79], 200);
}

TEST(Composite, RefusesAMaskOfAnotherSize) {
    const Image image = noise_image({8, 8}, Channels::rgb);
    try {
        (void)composite(image, image, Mask(Size{8, 7}, 0));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::size_mismatch);
    }
}

TEST(Over, MatchesPorterDuffWithinOneLevel) {
    const Image back = noise_image({90, 40}, Channels::rgba, 8);
    const Image front = noise_image({90, 40}, Channels::rgba, 9);
    const Image result = over(back, front);
    for (std::size_t i = 0; i < result.bytes().size(); i += 4) {
        const double a = front.bytes()[i + 3] / 255.0;
        const double b = back.bytes()[i + 3] / 255.0;
        const double alpha = a + b * (1 - a);
        ASSERT_NEAR(result.bytes()[i + 3], 255 * alpha, 1.0);
        for (std::size_t c = 0; c < 3 && alpha > 0; ++c) {
            const double exact =
                (front.bytes()[i + c] * a + back.bytes()[i + c] * b * (1 - a)) / alpha;
            ASSERT_NEAR(result.bytes()[i + c], exact, 1.0) << i;
        }
    }
}

TEST(Over, OpaqueFrontHidesAndClearFrontShows) {
    const Image back = noise_image({9, 9}, Channels::rgba, 1);
    const Image opaque = to_rgba(noise_image({9, 9}, Channels::rgb, 2));
    EXPECT_EQ(over(back, opaque), opaque);
    EXPECT_EQ(over(back, solid_image({9, 9}, Channels::rgba, {77, 0, 0, 0})), back);
}

TEST(Checkerboard, AlternatesBothWays) {
    const Image board = checkerboard({8, 8}, 2);
    EXPECT_EQ(board.row(0)[0], board.row(1)[3]);
    EXPECT_NE(board.row(0)[0], board.row(0)[6]);
    EXPECT_NE(board.row(0)[0], board.row(2)[0]);
    EXPECT_EQ(board.row(0)[0], board.row(2)[6]);
    EXPECT_THROW((void)checkerboard({8, 8}, 0), Error);
}

}  // namespace
}  // namespace editprep::imaging
