#include "editprep/imaging/mask_encoding.hpp"

#include <gtest/gtest.h>

#include <array>

#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::noise_mask;

TEST(EncodeMask, BothEncodingsComeBack) {
    const Mask mask = noise_mask({33, 9});
    for (const MaskEncoding encoding :
         {MaskEncoding::white_edits, MaskEncoding::transparent_edits}) {
        EXPECT_EQ(decode_mask(encode_mask(mask, encoding)), mask);
    }
}

TEST(EncodeMask, TransparentMeansChange) {
    const Mask mask = make_mask({2, 1}, [](int x, int) { return x == 0 ? 255 : 0; });
    const Image image = encode_mask(mask, MaskEncoding::transparent_edits);
    EXPECT_EQ(image.row(0)[3], 0);
    EXPECT_EQ(image.row(0)[7], 255);
}

TEST(DecodeMask, AlphaThatNeverVariesIsNotTheMask) {
    for (const std::uint8_t alpha : std::array<std::uint8_t, 3>{0, 128, 255}) {
        const Image image = make_image({3, 1}, Channels::rgba, [alpha](int x, int) {
            return x == 1 ? Color{255, 255, 255, alpha} : Color{0, 0, 0, alpha};
        });
        EXPECT_EQ(decode_mask(image),
                  make_mask({3, 1}, [](int x, int) { return x == 1 ? 255 : 0; }));
    }
}

TEST(DecodeMask, ColoursCountByTheirLuma) {
    const Image image = make_image({4, 1}, Channels::rgb, [](int x, int) {
        return x == 0   ? Color{255, 0, 0}
               : x == 1 ? Color{0, 255, 0}
               : x == 2 ? Color{0, 0, 255}
                        : Color{255, 255, 255};
    });
    const Mask mask = decode_mask(image);
    EXPECT_EQ(mask.row(0)[0], 76);
    EXPECT_EQ(mask.row(0)[1], 150);
    EXPECT_EQ(mask.row(0)[2], 29);
    EXPECT_EQ(mask.row(0)[3], 255);
}

TEST(HasAlphaMask, OnlyAnAlphaChannelThatVaries) {
    const Mask mask = make_mask({4, 1}, [](int x, int) { return x < 2 ? 255 : 0; });
    EXPECT_TRUE(has_alpha_mask(encode_mask(mask, MaskEncoding::transparent_edits)));
    EXPECT_FALSE(has_alpha_mask(encode_mask(mask, MaskEncoding::white_edits)));
    EXPECT_FALSE(has_alpha_mask(encode_mask(Mask({4, 1}, 255), MaskEncoding::transparent_edits)));
}

}  // namespace
}  // namespace editprep::imaging
