#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"
#include "read_tier.hpp"
#include "vips_maker.hpp"

/// Plain pictures are decoded without libvips because that is faster; the pixels must not show it.
namespace editprep::imaging {
namespace {

using testing::encode_with_vips;
using testing::VipsRecipe;

/// Smooth shapes, hard edges and grain, so that every stage of a lossy decoder has work.
Image scene(Size size, Channels channels) {
    return testing::make_image(size, channels, [](int x, int y) {
        const int wave = static_cast<int>(60 * std::sin(x / 7.0) + 60 * std::cos(y / 11.0));
        const int edge = (x / 24 + y / 24) % 2 == 0 ? 40 : -40;
        const int grain = (x * 7919 + y * 104729) % 23;
        const auto level = [](int value) {
            return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
        };
        return Color{level(128 + wave + grain), level(128 + edge + grain), level(255 - x - y),
                     level(2 * x - y)};
    });
}

struct Case {
    std::string name;
    Channels channels;
    VipsRecipe recipe;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Tiers : public ::testing::TestWithParam<Case> {};

TEST_P(Tiers, GiveTheSamePixels) {
    const Case& c = GetParam();
    for (const Size size : {Size{160, 120}, Size{1, 1}, Size{17, 3}, Size{3, 41}, Size{129, 67}}) {
        const auto file = encode_with_vips(scene(size, c.channels), c.recipe);
        const auto direct = read_image(file, "picture", {}, ReadTier::direct);
        const auto vips = read_image(file, "picture", {}, ReadTier::vips);
        EXPECT_TRUE(direct.image == vips.image)
            << size.width << "x" << size.height << ", " << direct.image.channel_count() << " and "
            << vips.image.channel_count() << " channels";
        EXPECT_EQ(direct.notes, vips.notes);
    }
}

const Case kCases[] = {
    {"jpeg_420", Channels::rgb, {.suffix = ".jpg[Q=85,subsample_mode=on]"}},
    {"jpeg_444", Channels::rgb, {.suffix = ".jpg[Q=85,subsample_mode=off]"}},
    {"jpeg_progressive_420", Channels::rgb, {.suffix = ".jpg[Q=75,interlace,subsample_mode=on]"}},
    {"jpeg_progressive_444", Channels::rgb, {.suffix = ".jpg[Q=95,interlace,subsample_mode=off]"}},
    {"jpeg_restarts", Channels::rgb, {.suffix = ".jpg[Q=85,restart_interval=3]"}},
    {"jpeg_grey", Channels::grey, {.suffix = ".jpg[Q=85]"}},
    {"jpeg_srgb_profile", Channels::rgb, {.suffix = ".jpg[Q=85]", .profile = "srgb"}},
    {"jpeg_turned", Channels::rgb, {.suffix = ".jpg[Q=85]", .orientation = 6}},
    {"png_rgb", Channels::rgb, {.suffix = ".png"}},
    {"png_filtered", Channels::rgb, {.suffix = ".png[filter=all]"}},
    {"png_rgba", Channels::rgba, {.suffix = ".png[filter=paeth]"}},
    {"png_grey", Channels::grey, {.suffix = ".png"}},
    {"png_grey_alpha", Channels::rgba, {.suffix = ".png", .grey_alpha = true}},
    {"png_grey_1_bit", Channels::grey, {.suffix = ".png[bitdepth=1]"}},
    {"png_grey_2_bits", Channels::grey, {.suffix = ".png[bitdepth=2]"}},
    {"png_grey_4_bits", Channels::grey, {.suffix = ".png[bitdepth=4]"}},
    {"png_palette", Channels::rgb, {.suffix = ".png[palette]"}},
    {"png_palette_16", Channels::rgb, {.suffix = ".png[palette,bitdepth=4]"}},
    {"png_palette_alpha", Channels::rgba, {.suffix = ".png[palette]"}},
    {"png_interlaced", Channels::rgb, {.suffix = ".png[interlace]"}},
    {"png_interlaced_rgba", Channels::rgba, {.suffix = ".png[interlace]"}},
    {"png_interlaced_1_bit", Channels::grey, {.suffix = ".png[interlace,bitdepth=1]"}},
    {"png_srgb_profile", Channels::rgb, {.suffix = ".png", .profile = "srgb"}},
    {"webp_lossy", Channels::rgb, {.suffix = ".webp[Q=80]"}},
    {"webp_lossy_alpha", Channels::rgba, {.suffix = ".webp[Q=80]"}},
    {"webp_lossless", Channels::rgb, {.suffix = ".webp[lossless]"}},
    {"webp_lossless_alpha", Channels::rgba, {.suffix = ".webp[lossless]"}},
    {"webp_srgb_profile", Channels::rgb, {.suffix = ".webp[Q=80]", .profile = "srgb"}},
    {"webp_turned", Channels::rgb, {.suffix = ".webp[Q=80]", .orientation = 8}},
};

INSTANTIATE_TEST_SUITE_P(Kinds, Tiers, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(DirectTier, RefusesWhatNeedsAConversion) {
    const Image picture = scene({40, 30}, Channels::rgb);
    const auto file = encode_with_vips(picture, {.suffix = ".png", .profile = "p3"});
    EXPECT_THROW((void)read_image(file, "picture", {}, ReadTier::direct), Error);
    EXPECT_NO_THROW((void)read_image(file, "picture", {}, ReadTier::vips));
}

}  // namespace
}  // namespace editprep::imaging
