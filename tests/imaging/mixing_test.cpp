#include "backdrop/mixing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace editprep::imaging {
namespace {

using Colour = std::array<float, 3>;

constexpr Colour kSky{120, 180, 240};
constexpr Colour kBrick{190, 70, 40};
constexpr Colour kWhite{240, 240, 240};
constexpr Colour kBlack{20, 20, 20};

float mix_values(float a, float b, float share) { return a + share * (b - a); }

float mix_light(float a, float b, float share) {
    return std::sqrt(mix_values(a * a, b * b, share));
}

template <typename Mix>
MixingEvidence look(const Colour& backdrop, const Colour& object, const Mix& mix) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> cover(0, 1);
    std::normal_distribution<float> noise(0, 2);
    MixingEvidence evidence;
    for (int i = 0; i < 2000; ++i) {
        const float share = cover(random);
        Colour pixel{};
        for (std::size_t c = 0; c < 3; ++c) {
            pixel[c] = mix(backdrop[c], object[c], share) + noise(random);
        }
        evidence.add(pixel, backdrop, object);
    }
    return evidence;
}

TEST(Mixing, TellsLightFromValuesByColours) {
    EXPECT_GT(look(kSky, kBrick, mix_light).light_share(), 0.9F);
    EXPECT_LT(look(kSky, kBrick, mix_values).light_share(), 0.1F);
    EXPECT_GT(look(kBrick, kSky, mix_light).light_share(), 0.9F);
}

TEST(Mixing, LeavesItOpenWhereAllIsGrey) {
    EXPECT_NEAR(look(kWhite, kBlack, mix_light).light_share(), 0.5F, 0.01F);
    EXPECT_NEAR(look(kWhite, kBlack, mix_values).light_share(), 0.5F, 0.01F);
}

TEST(Mixing, LeavesItOpenWithoutPixels) {
    EXPECT_EQ(MixingEvidence{}.light_share(), 0.5F);
    MixingEvidence evidence;
    // No contrast at all.
    evidence.add(kSky, kSky, kSky);
    EXPECT_EQ(evidence.pixels, 0);
    EXPECT_EQ(evidence.light_share(), 0.5F);
}

TEST(Mixing, AddsUp) {
    MixingEvidence whole = look(kSky, kBrick, mix_light);
    const MixingEvidence part = look(kBrick, kWhite, mix_values);
    const double pixels = whole.pixels;
    const double bow = whole.bow;
    const double bowed = whole.bowed;
    ASSERT_NE(part.bowed, 0);
    whole.add(part);
    EXPECT_EQ(whole.pixels, pixels + part.pixels);
    EXPECT_EQ(whole.bow, bow + part.bow);
    EXPECT_EQ(whole.bowed, bowed + part.bowed);
}

TEST(CoverOfLight, FollowsFromCoverOfValues) {
    constexpr float kFrom = 200;
    constexpr float kTo = 50;
    for (int cover = 0; cover < 256; ++cover) {
        const float value = mix_values(kFrom, kTo, static_cast<float>(cover) / 255);
        const float light = (value * value - kFrom * kFrom) / (kTo * kTo - kFrom * kFrom);
        const std::uint8_t bent =
            cover_of_light(static_cast<std::uint8_t>(cover), (kFrom - kTo) / (kFrom + kTo));
        EXPECT_NEAR(bent, 255 * light, 0.51F) << cover;
    }
}

TEST(CoverOfLight, StaysBetweenNothingAndAll) {
    EXPECT_EQ(cover_of_light(0, 1.5F), 0);
    EXPECT_EQ(cover_of_light(255, 1.5F), 255);
    EXPECT_EQ(cover_of_light(3, -1.5F), 0);
    EXPECT_EQ(cover_of_light(252, 1.5F), 255);
    EXPECT_EQ(cover_of_light(128, 0), 128);
}

}  // namespace
}  // namespace editprep::imaging
